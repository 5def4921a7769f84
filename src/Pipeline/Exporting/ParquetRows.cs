using Parquet;
using Parquet.Schema;

namespace DiffusionBatch.Pipeline.Exporting;

/// <summary>Writes tables as Apache Parquet, a row group after the other.</summary>
internal static class ParquetRows
{
    /// <summary>Rows of a group: what is in memory at once.</summary>
    const int GroupSize = 10_000;

    public static async Task WriteAsync(ExportTable table, Stream to, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> columns = table.Columns;
        var fields = new DataField[columns.Count];
        for (int i = 0; i < fields.Length; i++)
            fields[i] = i switch
            {
                <= 2 => new DataField<string>(columns[i], false),
                3 or 7 => new DataField<string>(columns[i], true),
                5 or 6 => new DataField<long>(columns[i], true),
                _ => new DataField<double>(columns[i], true),
            };
        var options = new ParquetOptions { CompressionMethod = CompressionMethod.Snappy };
        using var drained = new DrainedStream(to);
        ParquetWriter writer = await ParquetWriter.CreateAsync(new ParquetSchema(fields), drained, options, false, cancellationToken);
        await using (writer)
        {
            var rows = new List<ExportRow>(GroupSize);
            await foreach (ExportRow row in table.Rows.WithCancellation(cancellationToken))
            {
                rows.Add(row);
                if (rows.Count < GroupSize) continue;
                await GroupAsync(writer, fields, rows, cancellationToken);
                await drained.DrainAsync(cancellationToken);
                rows.Clear();
            }
            if (rows.Count > 0) await GroupAsync(writer, fields, rows, cancellationToken);
        }
        await drained.DrainAsync(cancellationToken);
    }

    static async Task GroupAsync(ParquetWriter writer, DataField[] fields, List<ExportRow> rows, CancellationToken cancellationToken)
    {
        using ParquetRowGroupWriter group = writer.CreateRowGroup();
        await TextAsync(0, r => r.Job);
        await TextAsync(1, r => r.Cell);
        await TextAsync(2, r => r.Id);
        await TextAsync(3, r => r.Text);
        await NumberAsync<double>(4, r => r.Score);
        await NumberAsync<long>(5, r => r.Length);
        await NumberAsync<long>(6, r => r.Nfe);
        await TextAsync(7, r => r.ErrorCode);
        for (int i = ExportTable.Fixed.Count; i < fields.Length; i++)
        {
            int metric = i - ExportTable.Fixed.Count;
            await NumberAsync<double>(i, r => r.Metrics[metric]);
        }
        group.CompleteValidate();

        Task TextAsync(int column, Func<ExportRow, string?> value) =>
            group.WriteAsync(fields[column], (IReadOnlyCollection<string>)rows.ConvertAll(r => value(r)!));

        Task NumberAsync<T>(int column, Func<ExportRow, T?> value) where T : struct =>
            group.WriteAsync<T>(fields[column], new ReadOnlyMemory<T?>([.. rows.Select(value)]), null, null, cancellationToken);
    }

    // The format is written at once, as it comes; an answer's body takes writes that wait alone.
    sealed class DrainedStream(Stream to) : Stream
    {
        readonly MemoryStream _buffer = new();
        long _drained;

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => _drained + _buffer.Length;

        public override long Position { get => Length; set => throw new NotSupportedException(); }

        public async Task DrainAsync(CancellationToken cancellationToken)
        {
            _drained += _buffer.Length;
            _buffer.Position = 0;
            await _buffer.CopyToAsync(to, cancellationToken);
            _buffer.SetLength(0);
        }

        public override void Write(byte[] buffer, int offset, int count) => _buffer.Write(buffer, offset, count);

        public override void Write(ReadOnlySpan<byte> buffer) => _buffer.Write(buffer);

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
