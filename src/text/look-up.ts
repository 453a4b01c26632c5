/** The table's own value of that name. Names that every object inherits, such as `constructor`, are not found. */
export function lookUp<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined
}
