// The memory that `run.ts` works on, in AssemblyScript with 128 bits at once. `words.ts` says what each function does.

// @ts-ignore: decorators of AssemblyScript.
@inline function byteAt(at: i32): i32 {
  return <i32>load<u8>(at)
}

@inline function setByte(at: i32, byte: i32): void {
  store<u8>(at, byte)
}

@inline function wordAt(at: i32): i32 {
  return load<i32>(at)
}

@inline function setWord(at: i32, word: i32): void {
  store<i32>(at, word)
}

@inline function intAt(at: i32): i32 {
  return load<i32>(at)
}

@inline function setInt(at: i32, value: i32): void {
  store<i32>(at, value)
}

@inline function floatAt(at: i32): f64 {
  return load<f64>(at)
}

@inline function setFloat(at: i32, value: f64): void {
  store<f64>(at, value)
}

@inline function product(a: i32, b: i32): i32 {
  return a * b
}

@inline function quotient(a: i32, b: i32): i32 {
  return a / b
}

@inline function lesser(a: i32, b: i32): i32 {
  return min(a, b)
}

@inline function areEqual(a: i32, b: i32, length: i32): boolean {
  let at: i32 = 0
  for (; at + 16 <= length; at += 16)
    if (!i8x16.all_true(i8x16.eq(v128.load(a + at), v128.load(b + at)))) return false
  const same: i32 = i8x16.bitmask(i8x16.eq(v128.load(a + at), v128.load(b + at)))
  return (~same & ((1 << (length - at)) - 1)) === 0
}

@inline function copy(from: i32, to: i32, length: i32): i32 {
  for (let at: i32 = 0; at < length; at += 16) v128.store(to + at, v128.load(from + at))
  return to + length
}

@inline function copySixteen(from: i32, to: i32): void {
  v128.store(to, v128.load(from))
}

@inline function findByte(byte: i32, start: i32, end: i32): i32 {
  const wanted = i8x16.splat(<i8>byte)
  for (let at: i32 = start; at < end; at += 16) {
    const hits: i32 = i8x16.bitmask(i8x16.eq(v128.load(at), wanted))
    if (hits !== 0) return min(at + ctz(hits), end)
  }
  return end
}

@inline function isBelow(bytes: v128, first: i8, count: i8): v128 {
  return i8x16.lt_u(i8x16.sub(bytes, i8x16.splat(first)), i8x16.splat(count))
}

@inline function digitsFrom(at: i32): i32 {
  return ctz(~i8x16.bitmask(isBelow(v128.load(at), 48, 10)))
}

@inline function hexFrom(at: i32): i32 {
  const bytes = v128.load(at)
  return ctz(~i8x16.bitmask(v128.or(isBelow(bytes, 48, 10), isBelow(bytes, 97, 6))))
}
