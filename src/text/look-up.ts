/** What a table has of that name itself: `constructor` and `__proto__`, which every object has, are in none. */
export function lookUp<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined
}
