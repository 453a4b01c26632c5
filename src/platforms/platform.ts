/** Log platforms and databases that want to know the types of the events. */
export const PLATFORMS = ['elasticsearch', 'opensearch', 'clickhouse', 'duckdb', 'postgres', 'splunk'] as const
export type Platform = (typeof PLATFORMS)[number]

/** The mapping of the events for a platform, in its own language: index template, CREATE TABLE, configuration. */
export async function mappingFor(platform: Platform): Promise<string> {
  switch (platform) {
    case 'elasticsearch':
      return (await import('./elasticsearch.ts')).elasticsearchTemplate()
    case 'opensearch':
      return (await import('./elasticsearch.ts')).opensearchTemplate()
    case 'clickhouse':
      return (await import('./clickhouse.ts')).clickhouseScript()
    case 'duckdb':
      return (await import('./duckdb.ts')).duckdbScript()
    case 'postgres':
      return (await import('./postgres.ts')).postgresScript()
    case 'splunk':
      return (await import('./splunk.ts')).splunkConfiguration()
  }
}
