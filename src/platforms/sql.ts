/** The name of the table, for all databases. */
export const TABLE = 'tracenorm_events'

/** A name in quotes: `drop`, `offset`, `local` and `zone` are words of SQL. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** A text in quotes. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
