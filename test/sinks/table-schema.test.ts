import { describe, expect, it } from 'vitest'
import { ALL_COLUMNS, parseColumns } from '../../src/sinks/csv/columns.ts'
import { tableSchemaOf } from '../../src/sinks/csv/table-schema.ts'

describe('the schema of a table', () => {
  it('has a field for each column, in its order, with type and description', () => {
    const { fields, missingValues } = tableSchemaOf(ALL_COLUMNS)
    expect(fields.map(({ name }) => name)).toEqual(ALL_COLUMNS.map(({ name }) => name))
    expect(fields.filter(({ name, description }) => name !== 'kind' && !description).map(({ name }) => name)).toEqual(
      [],
    )
    expect(missingValues).toEqual([''])
    const typeOf = (name: string): string | undefined => fields.find((field) => field.name === name)?.type
    expect(['v', 'ts', 'cpu', 'metric.value', 'stack', 'args', 'process.comm', 'clock.ns'].map(typeOf)).toEqual([
      'integer',
      'string',
      'integer',
      'number',
      'array',
      'object',
      'string',
      'string',
    ])
  })

  it('requires what every event has', () => {
    const required = tableSchemaOf(ALL_COLUMNS).fields.filter(({ constraints }) => constraints?.required === true)
    expect(required.map(({ name }) => name)).toEqual(['v', 'kind', 'capture.path'])
  })

  it('has the chosen columns, also keys of open sections', () => {
    expect(tableSchemaOf(parseColumns('cpu,args.dev,labels.site')).fields).toEqual([
      expect.objectContaining({ name: 'cpu', type: 'integer' }),
      { name: 'args.dev', type: 'any' },
      { name: 'labels.site', type: 'string' },
    ])
  })
})
