"""Files that pages ask for: our scripts and styles, the basemap, the description of the interface."""

from __future__ import annotations

from functools import cache
from importlib.resources import files as package_files
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, HTTPException, Request
from fastapi import Path as InPath
from fastapi.responses import RedirectResponse, Response

from tocsin.serve.rendering import STATIC
from tocsin.serve.wire import JSON, json_answer, problems

router = APIRouter()
TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".png": "image/png", ".svg": "image/svg+xml"}  # fmt: skip


@cache
def _static() -> dict[str, Path]:
    """What may be asked for: a closed list, so that no path can lead elsewhere."""
    found = (path for path in STATIC.rglob("*") if path.suffix in TYPES)
    return {path.relative_to(STATIC).as_posix(): path for path in found}


@cache
def _basemaps() -> dict[str, Path]:
    folder = Path(str(package_files("tocsin.basemap")))
    return {path.name: path for path in folder.glob("*.json")}


@router.get("/static/{name:path}", include_in_schema=False)
def static(name: str, request: Request) -> Response:
    return _file(request, _static().get(name), "immutable, max-age=31536000" if request.url.query else "no-cache")


@router.get("/basemap/{name}", responses={200: {"description": "TopoJSON", "content": {JSON: {"schema": {"type": "object"}}}}, **problems(404, 422)})  # fmt: skip
def basemap(name: Annotated[str, InPath(max_length=100)], request: Request) -> Response:
    """The outlines that the map is drawn on (Natural Earth, public domain)."""
    return _file(request, _basemaps().get(name), "max-age=86400")


def _file(request: Request, path: Path | None, cache: str) -> Response:
    if path is None:
        raise HTTPException(404, "There is no such file.")
    state = path.stat()
    tag = f'"{state.st_mtime_ns:x}-{state.st_size:x}"'
    headers = {"etag": tag, "cache-control": f"public, {cache}"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(path.read_bytes(), media_type=TYPES.get(path.suffix, JSON), headers=headers)


@router.get("/openapi.json", include_in_schema=False)
def openapi(request: Request) -> Response:
    return json_answer(request, request.app.openapi())


@router.get("/favicon.ico", include_in_schema=False)
def favicon(request: Request) -> Response:
    return _file(request, _static().get("sign.svg"), "max-age=86400")


@router.get("/", include_in_schema=False)
def front() -> Response:
    return RedirectResponse("/map", 307)
