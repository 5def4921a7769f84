using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Jobs;
using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Tests.Jobs;
using DiffusionBatch.Pipeline.Tests.Working;

namespace DiffusionBatch.Pipeline.Tests.Local;

/// <summary>A manifest leaves the same index whether it is run on a folder or handed in to the service.</summary>
public sealed class SameIndexTests
{
    // Everything but ids, times, rates, owners, and what depends on them.
    static readonly string[] s_rows =
    [
        """
        select j.name, j.kind, j.output, j.fingerprint, j.state, j.error, j.items_total, j.items_succeeded, j.items_errored, j.tasks_total, j.priority, j.manifest,
               p.name as parent, j.place, j.plan_attempt, j.problems, j.warnings, case when j.planned_at is null then 0 else 1 end as planned
        from jobs j left join jobs p on p.id = j.parent_id order by j.name
        """,
        """
        select j.name, t.ordinal, t.parent, t.kind, t.state, t.part, t.first_item, t.item_count, t.byte_offset, t.byte_length, t.first_line, t.children, t.attempt, t.failures,
               t.succeeded, t.errored, t.errors
        from tasks t join jobs j on j.id = t.job_id order by j.name, t.ordinal
        """,
        "select j.name, a.path, a.kind, a.cell, a.part, a.bytes, a.lines, a.errored, a.nfe, a.tokens, a.flops from artifacts a join jobs j on j.id = a.job_id order by j.name, a.path",
        "select j.name, i.cell, i.item, i.id, i.part, i.length, i.nfe, i.score, i.error_code from items i join jobs j on j.id = i.job_id order by j.name, i.cell, i.item",
        "select j.name, m.cell, m.name, m.score, m.low, m.high, m.signature from metrics m join jobs j on j.id = m.job_id order by j.name, m.cell, m.name",
        "select j.name, d.needs_id is not null, n.name from job_dependencies d join jobs j on j.id = d.job_id join jobs n on n.id = d.needs_id order by j.name, n.name",
        "select count(*) from outbox where sent_at is null",
        "select count(*) from poison",
        "select path, sha256 from content_hashes order by path",
    ];

    [Fact]
    public async Task A_sample_with_errors_of_several_kinds()
    {
        await using var rig = new PipelineRig();
        using var root = new TestRoot();
        const string Errors = "{\"id\":\"x\",\"source\":\"no length\"}\n{\"id\":\"y\",\"source\":\"\"}\n{\"id\":\"z\",\"source\":\"  \"}\n";
        foreach (TestRoot each in (TestRoot[])[root, rig.Root]) File.AppendAllText(each.Path("data/in.jsonl"), Errors);
        SampleManifest manifest = TestRoot.Sample() with { ErrorThreshold = 0.5 };
        await AssertSameAsync(rig, root, manifest, JobVerdict.DoneWithErrors);
        Assert.Contains("noLength", string.Join('\n', await RowsAsync(root)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_over_its_threshold()
    {
        await using var rig = new PipelineRig();
        using var root = new TestRoot();
        foreach (TestRoot each in (TestRoot[])[root, rig.Root]) File.AppendAllText(each.Path("data/in.jsonl"), "{\"id\":\"y\",\"source\":\"\"}\n");
        await AssertSameAsync(rig, root, TestRoot.Sample() with { ErrorThreshold = 0 }, JobVerdict.Failed);
    }

    [Fact]
    public async Task A_pipeline_of_all_kinds()
    {
        await using var rig = new PipelineRig();
        using var root = new TestRoot();
        await AssertSameAsync(rig, root, ResumeTests.Pipeline(), JobVerdict.Done);
    }

    static async Task AssertSameAsync(PipelineRig rig, TestRoot root, JobManifest manifest, JobVerdict verdict)
    {
        JobOutcome outcome = await root.Run(manifest, new FakeTasks());
        Assert.True(outcome.Verdict == verdict, $"{outcome.Verdict} {outcome.Error} {string.Join(';', outcome.Problems)}");
        await rig.RunAsync(manifest, new FakeTasks());
        Assert.Equal(await rig.RowsAsync(s_rows), await RowsAsync(root));
        Assert.Equal(rig.Root.Files("results"), root.Files("results"));
    }

    static Task<IReadOnlyList<string>> RowsAsync(TestRoot root) => PipelineRig.RowsAsync(root.Path("dbatch.db"), s_rows);
}
