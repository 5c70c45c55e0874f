// A QR code (ISO/IEC 18004) of a short address: bytes, error correction M, versions 1 to 6.

type Grid = boolean[][];

/** Per version: codewords in all, correction codewords per block, blocks. */
const SIZES: [number, number, number][] = [
  [26, 10, 1], [44, 16, 1], [70, 26, 1], [100, 18, 2], [134, 24, 2], [172, 16, 4],
];

const EXP: number[] = [];
const LOG: number[] = [];
for (let power = 0, value = 1; power < 255; power += 1) {
  EXP[power] = value;
  LOG[value] = power;
  value <<= 1;
  if (value > 255) value ^= 0x11d;
}
const at = (table: number[], index: number) => table[index] ?? 0;
const times = (a: number, b: number) => (a && b ? at(EXP, (at(LOG, a) + at(LOG, b)) % 255) : 0);

function generator(degree: number): number[] {
  let made = [1];
  for (let power = 0; power < degree; power += 1) {
    const next = [...made, 0];
    made.forEach((value, index) => { next[index + 1] = at(next, index + 1) ^ times(value, at(EXP, power)); });
    made = next;
  }
  return made;
}

function correction(data: number[], degree: number): number[] {
  const divisor = generator(degree);
  const rest = [...data, ...new Array<number>(degree).fill(0)];
  data.forEach((_value, index) => {
    const factor = at(rest, index);
    divisor.forEach((value, place) => { rest[index + place] = at(rest, index + place) ^ times(value, factor); });
  });
  return rest.slice(data.length);
}

function codewords(bytes: Uint8Array, version: number): number[] {
  const [all, perBlock, blocks] = SIZES[version - 1] as [number, number, number];
  const room = all - perBlock * blocks;
  const bits: number[] = [];
  const push = (value: number, length: number) => {
    for (let bit = length - 1; bit >= 0; bit -= 1) bits.push((value >> bit) & 1);
  };
  push(4, 4);
  push(bytes.length, 8);
  bytes.forEach((byte) => push(byte, 8));
  push(0, Math.min(4, room * 8 - bits.length));
  while (bits.length % 8) bits.push(0);
  const data: number[] = [];
  for (let start = 0; start < bits.length; start += 8) {
    data.push(Number.parseInt(bits.slice(start, start + 8).join(""), 2));
  }
  for (let pad = 0; data.length < room; pad ^= 1) data.push(pad ? 0x11 : 0xec);
  return interleaved(data, perBlock, blocks);
}

function interleaved(data: number[], perBlock: number, blocks: number): number[] {
  const length = data.length / blocks;
  const parts = Array.from({ length: blocks }, (_none, index) => data.slice(index * length, (index + 1) * length));
  const checks = parts.map((part) => correction(part, perBlock));
  const out: number[] = [];
  for (let index = 0; index < length; index += 1) parts.forEach((part) => out.push(at(part, index)));
  for (let index = 0; index < perBlock; index += 1) checks.forEach((part) => out.push(at(part, index)));
  return out;
}

const MASKS: ((row: number, column: number) => boolean)[] = [
  (r, c) => (r + c) % 2 === 0,
  (r) => r % 2 === 0,
  (_r, c) => c % 3 === 0,
  (r, c) => (r + c) % 3 === 0,
  (r, c) => (Math.floor(r / 2) + Math.floor(c / 3)) % 2 === 0,
  (r, c) => ((r * c) % 2) + ((r * c) % 3) === 0,
  (r, c) => (((r * c) % 2) + ((r * c) % 3)) % 2 === 0,
  (r, c) => (((r + c) % 2) + ((r * c) % 3)) % 2 === 0,
];

/** The finders, timing lines, alignment and dark module; `taken` says where data may not stand. */
function frame(version: number): { grid: Grid; taken: Grid } {
  const size = 17 + 4 * version;
  const blank = () => Array.from({ length: size }, () => new Array<boolean>(size).fill(false));
  const grid = blank(), taken = blank();
  const set = (row: number, column: number, dark: boolean) => {
    const line = grid[row], used = taken[row];
    if (!line || !used || column < 0 || column >= size) return;
    line[column] = dark;
    used[column] = true;
  };
  const square = (row: number, column: number, reach: number, light: number[]) => {
    for (let dy = -reach; dy <= reach; dy += 1) {
      for (let dx = -reach; dx <= reach; dx += 1) {
        set(row + dy, column + dx, !light.includes(Math.max(Math.abs(dx), Math.abs(dy))));
      }
    }
  };
  for (let index = 0; index < size; index += 1) {
    set(6, index, index % 2 === 0);
    set(index, 6, index % 2 === 0);
  }
  for (const [row, column] of [[3, 3], [3, size - 4], [size - 4, 3]] as const) square(row, column, 4, [2, 4]);
  if (version > 1) square(size - 7, size - 7, 2, [1]);
  for (let index = 0; index < 9; index += 1) {
    if (index !== 6) {
      set(8, index, false);
      set(index, 8, false);
    }
    if (index < 8) {
      set(8, size - 1 - index, false);
      set(size - 1 - index, 8, false);
    }
  }
  set(size - 8, 8, true);
  return { grid, taken };
}

function place(grid: Grid, taken: Grid, words: number[], mask: number): void {
  const size = grid.length;
  let bit = 0;
  let upward = false;
  for (let right = size - 1; right > 0; right -= 2) {
    if (right === 6) right = 5;
    upward = !upward;
    for (let step = 0; step < size; step += 1) {
      const row = upward ? size - 1 - step : step;
      for (const column of [right, right - 1]) {
        if (taken[row]?.[column]) continue;
        const dark = ((at(words, bit >> 3) >> (7 - (bit & 7))) & 1) === 1;
        bit += 1;
        (grid[row] as boolean[])[column] = dark !== (MASKS[mask] as (r: number, c: number) => boolean)(row, column);
      }
    }
  }
}

function sayFormat(grid: Grid, mask: number): void {
  const size = grid.length;
  let rest = mask << 10;
  for (let bit = 14; bit >= 10; bit -= 1) if ((rest >> bit) & 1) rest ^= 0x537 << (bit - 10);
  const format = ((mask << 10) | rest) ^ 0x5412;
  const set = (row: number, column: number, bit: number) => {
    (grid[row] as boolean[])[column] = ((format >> bit) & 1) === 1;
  };
  for (let bit = 0; bit < 15; bit += 1) {
    set(bit < 6 ? bit : bit < 8 ? bit + 1 : size - 15 + bit, 8, bit);
    set(8, bit < 8 ? size - 1 - bit : bit === 8 ? 7 : 14 - bit, bit);
  }
}

/** How hard the grid is to read: runs, blocks, what looks like a finder, dark against light. */
function penalty(grid: Grid): number {
  const size = grid.length;
  const lines = [...grid, ...grid.map((_row, column) => grid.map((row) => row[column] ?? false))];
  let points = 0;
  for (const line of lines) {
    const text = line.map((dark) => (dark ? "1" : "0")).join("");
    for (const run of text.match(/1{5,}|0{5,}/g) ?? []) points += run.length - 2;
    for (let start = 0; start + 11 <= size; start += 1) {
      const part = text.slice(start, start + 11);
      if (part === "10111010000" || part === "00001011101") points += 40;
    }
  }
  for (let row = 0; row + 1 < size; row += 1) {
    for (let column = 0; column + 1 < size; column += 1) {
      const four = [grid[row]?.[column], grid[row]?.[column + 1], grid[row + 1]?.[column], grid[row + 1]?.[column + 1]];
      if (four.every((dark) => dark === four[0])) points += 3;
    }
  }
  const dark = grid.reduce((sum, row) => sum + row.filter(Boolean).length, 0);
  return points + Math.floor(Math.abs((dark * 100) / (size * size) - 50) / 5) * 10;
}

/** The code as rows of dark and light, without its quiet edge; null for text over 106 bytes. */
export function qrOf(text: string, onlyMask?: number): Grid | null {
  const bytes = new TextEncoder().encode(text);
  const version = 1 + SIZES.findIndex(([all, perBlock, blocks]) => all - perBlock * blocks >= bytes.length + 2);
  if (version === 0) return null;
  const words = codewords(bytes, version);
  const masks = onlyMask === undefined ? MASKS.map((_mask, index) => index) : [onlyMask];
  const grids = masks.map((mask) => {
    const { grid, taken } = frame(version);
    place(grid, taken, words, mask);
    sayFormat(grid, mask);
    return grid;
  });
  return grids.reduce((best, grid) => (penalty(grid) < penalty(best) ? grid : best));
}
