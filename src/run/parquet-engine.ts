import type { ParquetEngine } from '../sinks/parquet/engine.ts'
import type { ProductPlan } from './plan.ts'

/**
 * What makes Parquet, where that is the product. `home`: the folder of the package; `folder`: that of temporary files.
 * Throws InputError where DuckDB is not installed.
 */
export async function engineOf(product: ProductPlan, home: URL, folder: string): Promise<ParquetEngine | undefined> {
  if (product.as !== 'parquet') return undefined
  const { loadParquetEngine } = await import('../sinks/parquet/engine.ts')
  return loadParquetEngine(home, folder)
}
