// Takes webhooks on loopback and verifies each with the npm package standardwebhooks.
// node receive_webhooks.js SECRET_FILE: prints its port, then a line of JSON for every call.
"use strict";

const fs = require("node:fs");
const http = require("node:http");
const { Webhook } = require("standardwebhooks");

const say = (line) => process.stdout.write(JSON.stringify(line) + "\n");

function verified(body, headers) {
  try {
    const secret = fs.readFileSync(process.argv[2], "utf8").trim();
    return { event: new Webhook(secret).verify(body, headers), fault: "" };
  } catch (error) {
    return { event: null, fault: String(error) };
  }
}

const server = http.createServer((request, response) => {
  const pieces = [];
  request.on("data", (piece) => pieces.push(piece));
  request.on("end", () => {
    const { event, fault } = verified(Buffer.concat(pieces).toString("utf8"), request.headers);
    say({ id: request.headers["webhook-id"] || "", event, fault });
    response.writeHead(fault ? 401 : 204).end();
  });
});
server.listen(0, "127.0.0.1", () => say({ port: server.address().port }));
