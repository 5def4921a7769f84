using Dapper;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Jobs;
using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Tests.Jobs;
using DiffusionBatch.Pipeline.Tests.Local;
using DiffusionBatch.Pipeline.Tests.Working;

namespace DiffusionBatch.Pipeline.Tests.Index;

/// <summary>A job leaves the same index whether one process runs it on a folder or the pipeline does.</summary>
public sealed class SameIndexTests
{
    static readonly SampleManifest s_bearing = TestRoot.Sample() with { ErrorThreshold = -1 };

    static string IndexOf(TestRoot root) => root.Path("dbatch.db");

    // 23 good lines and eight that are not, of three codes, the last three in a part of their own.
    static void AddErrors(TestRoot root)
    {
        string long1 = new('x', (1 << 20) + 1);
        File.AppendAllText(root.Path("data/in.jsonl"), string.Concat(
            ((string[])["", " ", "no length", "no length", long1, "no length", "", "no length"]).Select((source, i) =>
                $"{{\"id\":\"bad{i}\",\"source\":\"{source}\",\"target\":\"x\"}}\n")));
    }

    static async Task<(IReadOnlyList<string> Local, IReadOnlyList<string> Pipeline)> BothAsync(JobManifest manifest,
        Action<TestRoot>? prepare = null, Func<FakeTasks>? tasks = null)
    {
        tasks ??= () => new FakeTasks();
        using var root = new TestRoot();
        prepare?.Invoke(root);
        await root.Run(manifest, tasks());
        await using var rig = new PipelineRig();
        prepare?.Invoke(rig.Root);
        await rig.RunAsync(manifest, tasks());
        return (IndexRows.Read(IndexOf(root)), IndexRows.Read(rig.Database));
    }

    [Fact]
    public async Task Items_with_errors_are_counted_listed_and_told_by_code()
    {
        var (local, pipeline) = await BothAsync(s_bearing, AddErrors);
        Assert.Equal(pipeline, local);
        // Two cells have each item.
        Assert.Equal(2 * 31, local.Count(r => r.StartsWith("items: ", StringComparison.Ordinal)));
        Assert.Equal(2 * 8,
            local.Count(r => r.StartsWith("items: ", StringComparison.Ordinal) && !r.EndsWith("error_code=", StringComparison.Ordinal)));
        Assert.Equal(["emptySource 3", "noLength 4", "tooLong 1"],
            local.Where(r => r.StartsWith("v_item_errors: ", StringComparison.Ordinal)).Select(Code).Order());
        Assert.Contains(local, r => r.StartsWith("v_parts: ", StringComparison.Ordinal)
            && r.Contains("errored=4", StringComparison.Ordinal));

        static string Code(string row) => System.Text.RegularExpressions.Regex.Replace(row, ".*code=(\\w+), items=(\\d+).*", "$1 $2");
    }

    [Fact]
    public async Task A_job_that_its_errors_fail_leaves_what_it_made()
    {
        var (local, pipeline) = await BothAsync(TestRoot.Sample(), AddErrors);
        Assert.Equal(pipeline, local);
        Assert.Contains(local, r => r.StartsWith("jobs: ", StringComparison.Ordinal) && r.Contains("state=failed", StringComparison.Ordinal)
            && r.Contains("errorThreshold allows", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_pipeline_of_a_finetune_a_sweep_and_an_evaluation()
    {
        var (local, pipeline) = await BothAsync(WorkerTests.Pipeline());
        // Whether the pipeline measures a speed hangs on whether the test's clock moved while a task was worked on.
        Assert.Equal(pipeline.Where(r => !IsSpeed(r)), local.Where(r => !IsSpeed(r)));
        foreach (string table in (string[])["artifacts", "attempts", "content_hashes", "items", "job_dependencies", "metrics", "outbox",
            "speeds", "v_sweep_quality"])
            Assert.Contains(local, r => r.StartsWith(table + ": ", StringComparison.Ordinal));

        static bool IsSpeed(string row) => row.StartsWith("speeds: ", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_task_that_failed_for_good_fails_those_that_need_it()
    {
        var (local, pipeline) = await BothAsync(WorkerTests.Pipeline(),
            tasks: () => new FakeTasks { OnResult = step => { if (step == 1) throw new TaskFailedException("trainingDiverged: so"); } });
        Assert.Equal(pipeline.Where(r => !Stopped(r)), local.Where(r => !Stopped(r)));
        Assert.Equal(3, local.Count(r => r.StartsWith("v_job_progress: ", StringComparison.Ordinal)
            && r.Contains("state=failed", StringComparison.Ordinal) && !r.Contains("kind=pipeline", StringComparison.Ordinal)));

        // How the attempt itself is told differs: the worker's job is ended before its task is.
        static bool Stopped(string row) => row.Split(':')[0] is "attempts" or "v_attempts" or "tasks" or "v_job_progress";
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    [InlineData(40)]
    public async Task Interrupted_and_resumed(int after)
    {
        using var root = new TestRoot();
        using var cancel = new CancellationTokenSource();
        var tasks = new FakeTasks { OnResult = n => { if (n == after) cancel.Cancel(); } };
        Assert.Equal(JobVerdict.Interrupted, (await root.Run(s_bearing, tasks, cancellationToken: cancel.Token)).Verdict);
        using (var connection = new SqliteDialect(IndexOf(root)).Open())
        {
            Assert.Equal("queued", connection.QuerySingle<string>("select state from jobs"));
            Assert.Equal(0L, connection.QuerySingle<long>("select count(*) from tasks where state = 'running'"));
            Assert.NotEqual(0L, connection.QuerySingle<long>("select count(*) from attempts where outcome = 'givenBack'"));
        }
        tasks.OnResult = _ => { };
        await root.Run(s_bearing, tasks);

        await using var rig = new PipelineRig();
        string job = await rig.SubmitAsync(s_bearing);
        using var stop = new ManualResetEventSlim();
        var slow = new FakeTasks { OnResult = n => { if (n == after) stop.Set(); } };
        await using (PipelineRig.Running worker = rig.Start(slow)) await rig.UntilAsync(() => Task.FromResult(stop.IsSet));
        slow.OnResult = _ => { };
        await using (PipelineRig.Running worker = rig.Start(slow)) await rig.UntilEndedAsync(job);
        Assert.Equal(IndexRows.Read(rig.Database, interrupted: true), IndexRows.Read(IndexOf(root), interrupted: true));
    }

    [Fact]
    public async Task A_run_that_is_killed_at_a_change_goes_on_in_the_same_rows()
    {
        using var undisturbed = new TestRoot();
        CrashPoint count = ResumeTests.At(int.MaxValue, after: false);
        await undisturbed.Run(WorkerTests.Pipeline(), new FakeTasks(), count);
        IReadOnlyList<string> expected = IndexRows.Read(IndexOf(undisturbed), interrupted: true);
        for (int kill = 4; kill < count.Seen; kill += 5)
        {
            using var root = new TestRoot();
            var tasks = new FakeTasks();
            try
            {
                await root.Run(WorkerTests.Pipeline(), tasks, ResumeTests.At(kill, after: false));
            }
            catch (CrashPoint.Killed)
            {
                // As it should be.
            }
            Assert.Equal(JobVerdict.Done, (await root.Run(WorkerTests.Pipeline(), tasks)).Verdict);
            Assert.Equal(expected, IndexRows.Read(IndexOf(root), interrupted: true));
        }
    }

    [Fact]
    public async Task What_is_finished_is_left_alone_and_a_lost_index_comes_back_without_work()
    {
        using var root = new TestRoot();
        await root.Run(WorkerTests.Pipeline(), new FakeTasks());
        IReadOnlyList<string> before = IndexRows.Read(IndexOf(root));
        await root.Run(WorkerTests.Pipeline(), new FakeTasks());
        Assert.Equal(before, IndexRows.Read(IndexOf(root)));
        foreach (string file in Directory.GetFiles(root.Folder, "dbatch.db*")) File.Delete(file);
        var idle = new FakeTasks();
        await root.Run(WorkerTests.Pipeline(), idle);
        Assert.Equal(0, idle.Sampled + idle.Finetuned + idle.Evaluated);
        // As the pipeline has jobs whose output was there.
        Assert.Equal(before.Where(IsProgress), IndexRows.Read(IndexOf(root)).Where(IsProgress));

        static bool IsProgress(string row) =>
            row.StartsWith("content_hashes", StringComparison.Ordinal) || row.StartsWith("job_dependencies", StringComparison.Ordinal);
    }
}
