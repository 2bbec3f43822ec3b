// Pictures for journeys, drawn and packed as PNG: a ball striped in red and white on a meadow, each elsewhere.
import { crc32, deflateSync } from 'node:zlib';

const width = 320;
const height = 240;

/** Where the ball of picture `i` lies: [x, y, width, height]. */
export function ballBox(i) {
  const { x, y, radius } = ballOf(i);
  return [x - radius, y - radius, 2 * radius, 2 * radius];
}

function ballOf(i) {
  return {
    x: 110 + ((i * 53) % 100),
    y: 90 + ((i * 37) % 60),
    radius: 44 + ((i * 7) % 24),
  };
}

export function ballPng(i) {
  const ball = ballOf(i);
  const rows = Buffer.alloc(height * (1 + 3 * width));
  let noise = (Math.imul(i, 2654435761) + 1) >>> 0;
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      noise = (Math.imul(noise, 1664525) + 1013904223) >>> 0;
      const at = y * (1 + 3 * width) + 1 + 3 * x;
      const grain = noise >>> 28;
      colour(ball, x, y).forEach((c, k) => rows.writeUInt8(Math.min(255, c + grain), at + k));
    }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function colour(ball, x, y) {
  const dx = (x - ball.x) / ball.radius;
  const dy = (y - ball.y) / ball.radius;
  const inside = 1 - dx * dx - dy * dy;
  if (inside <= 0) return y < 70 ? [150, 190, 230] : [70, 130, 50];
  const light = Math.min(1, 0.45 + 0.55 * Math.sqrt(inside) - 0.2 * dy);
  const red = Math.floor((dx + dy) * 3) % 2 === 0;
  return (red ? [200, 40, 40] : [235, 235, 235]).map((c) => Math.max(0, Math.floor(c * light)));
}

function chunk(type, body) {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), body]);
  const out = Buffer.alloc(named.length + 8);
  out.writeUInt32BE(body.length, 0);
  named.copy(out, 4);
  out.writeUInt32BE(crc32(named), named.length + 4);
  return out;
}
