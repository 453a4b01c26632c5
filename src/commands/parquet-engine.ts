import { UsageError } from '../errors.ts'
import { engineOf } from '../run/parquet-engine.ts'
import type { ParquetEngine } from '../sinks/parquet/engine.ts'
import type { Io } from './io.ts'
import type { Product } from './run-job.ts'

/** What makes Parquet, where the product is that. Throws UsageError, and InputError where DuckDB is not installed. */
export async function parquetEngineFor({ plan, records }: Product, io: Io): Promise<ParquetEngine | undefined> {
  const isStdout = 'path' in records && (records.path === undefined || records.path === '-')
  if (plan.as === 'parquet' && isStdout && (await io.stdout.terminal()) !== undefined)
    throw new UsageError('--to parquet: these bytes are not for a terminal', 'give -o FILE')
  return engineOf(plan, io.home, io.env.TMPDIR || '/tmp')
}
