using System.Text.Json;
using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Pipeline.Exporting;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Submitting;
using DiffusionBatch.Pipeline.Tests.Jobs;
using DiffusionBatch.Pipeline.Tests.Working;
using DuckDB.NET.Data;

namespace DiffusionBatch.Pipeline.Tests.Exporting;

/// <summary>Tables of results, read again by what analysts use.</summary>
public sealed class ExportTests : IAsyncDisposable
{
    static readonly string[] s_columns = ["job", "cell", "id", "text", "score", "length", "nfe", "errorCode"];

    readonly PipelineRig _rig = new();

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    ResultExport Export => new(_rig.Store, _rig.Index.Jobs, new JobResults(_rig.Store));

    async Task<string> FileAsync(JobRow job, ExportFormat format)
    {
        ExportTable table = (await Export.OpenAsync(job, Cancel))!;
        string file = Path.Combine(_rig.NewFolder(), "t." + format.ToString().ToLowerInvariant());
        await using FileStream to = File.Create(file);
        await ExportWriter.WriteAsync(table, format, to, Cancel);
        return file;
    }

    static List<object?[]> Query(string sql)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using DuckDBCommand command = connection.CreateCommand();
        command.CommandText = sql;
        using DuckDBDataReader reader = command.ExecuteReader();
        var rows = new List<object?[]>();
        while (reader.Read())
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? null : reader.GetValue(i))]);
        return rows;
    }

    async Task<JobRow> SampledAsync()
    {
        _rig.Root.WriteInput(Enumerable.Range(0, 20));
        File.AppendAllText(_rig.Root.Path("data/in.jsonl"),
            "{\"id\":\"bad\",\"source\":\"no length\"}\n{\"id\":\"a,\\\"b\\\"\",\"source\":\"two\\nlines, \\\"quoted\\\"\"}\n");
        return await _rig.RunAsync(TestRoot.Sample() with { ErrorThreshold = -1 }, new FakeTasks());
    }

    [Fact]
    public async Task DuckDB_reads_the_Parquet_file_with_its_types_and_rows()
    {
        JobRow job = await SampledAsync();
        string file = await FileAsync(job, ExportFormat.Parquet);
        Assert.Equal(
            s_columns.Zip((string[])["VARCHAR", "VARCHAR", "VARCHAR", "VARCHAR", "DOUBLE", "BIGINT", "BIGINT", "VARCHAR"]),
            Query($"describe select * from '{file}'").Select(r => ((string)r[0]!, (string)r[1]!)));
        Assert.Equal([("steps=1", 22L, 1L), ("steps=8", 22L, 1L)],
            Query($"select cell, count(*), count(errorCode) from '{file}' group by cell order by cell")
                .Select(r => ((string)r[0]!, (long)r[1]!, (long)r[2]!)));
        object?[] one = Query($"select job, text, length, nfe, score from '{file}' where cell = 'steps=8' and id = 'i3'").Single();
        Assert.Equal((job.Id, "Größe 3 → 8", 3L, 8L), ((string)one[0]!, (string)one[1]!, (long)one[2]!, (long)one[3]!));
        JsonElement line = File.ReadLines(_rig.Root.Path("results/s/steps=8/part-00000.jsonl"))
            .Select(l => JsonDocument.Parse(l).RootElement).Single(l => l.GetProperty("id").GetString() == "i3");
        Assert.Equal(line.GetProperty("score").GetDouble(), (double)one[4]!);
        Assert.Equal([null, null, "noLength"],
            Query($"select text, score, errorCode from '{file}' where id = 'bad' and cell = 'steps=1'").Single());
    }

    [Fact]
    public async Task CSV_and_JSONL_say_the_same_as_Parquet()
    {
        JobRow job = await SampledAsync();
        string all = "select job, cell, id, text, score, length, nfe, errorCode from ";
        List<object?[]> parquet = Query($"{all} '{await FileAsync(job, ExportFormat.Parquet)}'");
        Assert.Equal(44, parquet.Count);
        string csv = await FileAsync(job, ExportFormat.Csv), jsonl = await FileAsync(job, ExportFormat.Jsonl);
        Assert.Equal(parquet,
            Query($"{all} read_csv('{csv}', header = true, nullstr = '', quote = '\"', escape = '\"', allow_quoted_nulls = false, "
                + $"columns = {{'job': 'VARCHAR', 'cell': 'VARCHAR', 'id': 'VARCHAR', 'text': 'VARCHAR', 'score': 'DOUBLE', 'length': "
                + $"'BIGINT', 'nfe': 'BIGINT', 'errorCode': 'VARCHAR'}})"));
        Assert.Equal(parquet.Select(r => (r[2], r[3], r[4])),
            Query($"{all} read_json('{jsonl}', format = 'newline_delimited')").Select(r => (r[2], r[3], r[4])));
        Assert.Equal(s_columns, JsonDocument.Parse(File.ReadLines(jsonl).First()).RootElement.EnumerateObject().Select(p => p.Name));
    }

    [Fact]
    public async Task An_evaluation_has_each_item_s_own_scores_beside_its_prediction()
    {
        _rig.Root.Write("p/steps=2/part-00000.jsonl",
            string.Concat(Enumerable.Range(0, 4)
                .Select(i => $$"""{"id":"i{{i}}","text":"t {{i}}","score":-0.5,"length":3,"nfe":2}""" + "\n")));
        _rig.Root.Write("p/steps=1/part-00000.jsonl", """{"id":"i0","error":{"code":"noLength","message":"m"}}""" + "\n");
        var manifest = new EvaluateManifest
        {
            Name = "e",
            Predictions = "p",
            References = "data/in.jsonl",
            Metrics = [new MetricSpec { Name = "chrf" }, new MetricSpec { Name = "lengthRatio", As = "length" }],
            Output = "reports/e"
        };
        JobRow job = await _rig.RunAsync(manifest, new FakeTasks());
        Assert.Equal(JobState.Completed, job.State);
        // The worker's lines; i2 had no reference, so that it has none.
        _rig.Root.Write("reports/e/scores.jsonl", """
            {"cell":"steps=1","id":"i0","metrics":{"chrf":0,"length":null}}
            {"cell":"steps=2","id":"i0","metrics":{"chrf":50.5,"length":1}}
            {"cell":"steps=2","id":"i1","metrics":{"chrf":25,"length":2}}
            {"cell":"steps=2","id":"i3","metrics":{"chrf":12.5,"length":null}}

            """);
        string file = await FileAsync(job, ExportFormat.Parquet);
        Assert.Equal([.. s_columns, "chrf", "metric.length"], Query($"describe select * from '{file}'").Select(r => (string)r[0]!));
        Assert.Equal(
            [("steps=1", "i0", null, 0.0, null, "noLength"), ("steps=2", "i0", 3L, 50.5, 1.0, null), ("steps=2", "i1", 3L, 25.0, 2.0, null),
                ("steps=2", "i2", 3L, null, null, null), ("steps=2", "i3", 3L, 12.5, null, (string?)null)],
            Query($"select cell, id, length, chrf, \"metric.length\", errorCode from '{file}'")
                .Select(r => ((string)r[0]!, (string)r[1]!, (long?)r[2], (double?)r[3], (double?)r[4], (string?)r[5])));
    }

    [Fact]
    public async Task Many_rows_come_in_groups()
    {
        string file = Path.Combine(_rig.NewFolder(), "many.parquet");
        await using (FileStream to = File.Create(file))
            await ExportWriter.WriteAsync(new ExportTable(["chrf"], RowsAsync(), true), ExportFormat.Parquet, to, Cancel);
        Assert.Equal([3L, 25_000L],
            Query($"select count(distinct row_group_id), (select count(*) from '{file}') from parquet_metadata('{file}')").Single()
                .Select(v => Convert.ToInt64(v, null)));
        Assert.Equal([24_999.0], Query($"select max(chrf) from '{file}'").Single().Select(v => (double)v!));

        static async IAsyncEnumerable<ExportRow> RowsAsync()
        {
            await Task.CompletedTask;
            for (int i = 0; i < 25_000; i++) yield return new ExportRow("job_1", "all", $"i{i}") { Text = $"text {i}", Metrics = [i] };
        }
    }

    [Fact]
    public async Task A_pipeline_has_the_rows_of_its_sample_jobs_and_a_finetune_none()
    {
        JobRow parent = await _rig.RunAsync(WorkerTests.Pipeline(), new FakeTasks());
        ExportTable table = (await Export.OpenAsync(parent, Cancel))!;
        int rows = 0;
        await foreach (ExportRow row in table.Rows) rows += row.Job == parent.Id ? 0 : 1;
        Assert.True(rows > 0 && table.IsComplete);
        Assert.Equal(s_columns, table.Columns);
        Assert.Null(await Export.OpenAsync(parent with { Kind = JobKind.Finetune }, Cancel));
    }
}
