using System.Diagnostics;
using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Messaging;
using DiffusionBatch.Pipeline.Telemetry;
using DiffusionBatch.Pipeline.Tests.Jobs;
using DiffusionBatch.Pipeline.Tests.Working;

namespace DiffusionBatch.Pipeline.Tests.Telemetry;

/// <summary>A job's trace begins where it was submitted and goes with its messages.</summary>
public sealed class TraceTests
{
    [Fact]
    public async Task A_sample_job_s_spans_are_of_one_trace()
    {
        using var listener = new Listener();
        await using var rig = new PipelineRig();
        string job = await rig.SubmitAsync(TestRoot.Sample());
        listener.Leave();
        await using (rig.Start(new FakeTasks())) await rig.UntilEndedAsync(job);

        Activity submit = Assert.Single(listener.Of("submit job")), plan = Assert.Single(listener.Of("plan job"));
        Assert.Equal((listener.Request.SpanId, submit.SpanId), (submit.ParentSpanId, plan.ParentSpanId));
        IReadOnlyList<Activity> tasks = listener.Of("run task");
        Assert.Equal(6, tasks.Count);
        Assert.Equal(Enumerable.Range(0, 6), tasks.Select(t => (int)t.GetTagItem(TelemetryNames.Task)!).Order());
        Assert.All(tasks, t => Assert.Equal((plan.SpanId, ActivityKind.Consumer, "completed"),
            (t.ParentSpanId, t.Kind, t.GetTagItem(TelemetryNames.Outcome))));
        Assert.All(listener.Ended, a => Assert.Equal(job, a.GetTagItem(TelemetryNames.Job)));
        // The shards flow into each other: few spans of the device for all of them, each linked with those that shared it.
        IReadOnlyList<Activity> device = listener.Of("sample");
        Assert.InRange(device.Count, 1, 6);
        Assert.Equal(46, device.Sum(s => (long)s.GetTagItem("dbatch.items")!));
        Activity end = Assert.Single(listener.Of("finalize job"));
        Assert.Contains(listener.Of("end task"), e => e.SpanId == end.ParentSpanId);
        Assert.Equal("completed", end.GetTagItem(TelemetryNames.JobState));
    }

    [Fact]
    public async Task Jobs_of_a_pipeline_are_of_the_trace_that_it_was_submitted_in()
    {
        using var listener = new Listener();
        await using var rig = new PipelineRig();
        string job = await rig.SubmitAsync(WorkerTests.Pipeline());
        listener.Leave();
        await using (rig.Start(new FakeTasks())) await rig.UntilEndedAsync(job);
        Assert.Equal(3, listener.Of("plan job").Count);
        Assert.Equal(["finetune", "sample", "evaluate"],
            listener.Ended.Where(a => a.OperationName is "finetune" or "sample" or "evaluate").Select(a => a.OperationName).Distinct());
    }

    [Fact]
    public async Task A_successor_tells_of_the_attempt_of_a_worker_that_died()
    {
        using var listener = new Listener();
        await using var rig = new PipelineRig();
        string job = await rig.SubmitAsync(TestRoot.Sample());
        listener.Leave();
        await rig.ControlAsync();
        await rig.Relay().RunOnceAsync(default);
        // One that claims a task and is never heard of again.
        ClaimOutcome claimed = await rig.Index.Tasks.ClaimAsync(new TaskKey(job, 0), "dead", rig.Options.Lease);
        Assert.Equal(ClaimStatus.Claimed, claimed.Status);
        await using (rig.Start(new FakeTasks())) await rig.UntilEndedAsync(job);
        IReadOnlyList<Activity> attempts = [.. listener.Of("run task").Where(t => (int)t.GetTagItem(TelemetryNames.Task)! == 0)];
        Assert.Equal([(1, "lapsed"), (2, "completed")],
            attempts.Select(a => ((int)a.GetTagItem(TelemetryNames.Attempt)!, (string)a.GetTagItem(TelemetryNames.Outcome)!)).Order());
        Activity lapsed = attempts.First(a => a.GetTagItem(TelemetryNames.Outcome) is "lapsed");
        Assert.Equal(("dead", ActivityStatusCode.Error, rig.Options.Lease),
            (lapsed.GetTagItem(TelemetryNames.Worker), lapsed.Status, Round(lapsed.Duration, rig.Options.Lease)));
    }

    [Fact]
    public async Task A_failure_tells_its_type_and_none_of_its_words()
    {
        using var listener = new Listener();
        await using var rig = new PipelineRig();
        string job = await rig.SubmitAsync(TestRoot.Sample());
        listener.Leave();
        int failures = 0;
        var tasks = new FakeTasks { OnItem = _ => { if (failures++ == 0) throw new InvalidOperationException("AccountKey=secret"); } };
        await using (rig.Start(tasks)) await rig.UntilEndedAsync(job);
        Assert.DoesNotContain(listener.Ended, a => a.StatusDescription?.Contains("secret", StringComparison.Ordinal) == true
            || a.TagObjects.Any(t => $"{t.Value}".Contains("secret", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_message_is_small_with_its_trace_and_one_without_is_read()
    {
        const string Trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        var message = new PipelineMessage(OutboxKind.Task, "job_" + new string('0', 32), int.MaxValue, Trace);
        string body = message.ToBody();
        Assert.InRange(body.Length, 1, 1023);
        Assert.Equal(message, PipelineMessage.Parse(body));
        Assert.Equal(new PipelineMessage(OutboxKind.Task, "job_1", 2),
            PipelineMessage.Parse("""{"v":1,"kind":"task","job":"job_1","task":2}"""));
        Assert.Equal("""{"v":1,"kind":"plan","job":"job_1"}""", new PipelineMessage(OutboxKind.Plan, "job_1").ToBody());
    }

    [Theory]
    [InlineData("no trace")]
    [InlineData("00-00000000000000000000000000000000-0000000000000000-01")]
    public void A_message_whose_trace_is_none_belongs_to_whoever_handles_it(string trace)
    {
        using var listener = new Listener();
        using Activity? span = Spans.Process("plan job", QueueNames.Jobs, trace);
        Assert.Equal(listener.Request.SpanId, span!.ParentSpanId);
        Assert.Empty(span.Links);
    }

    // Times pass in steps here.
    static TimeSpan Round(TimeSpan found, TimeSpan to) => (found - to).Duration() < TimeSpan.FromSeconds(15) ? to : found;
}
