using DiffusionBatch.Cli.Testing;

namespace DiffusionBatch.Cli.Tests.Testing;

public class LanesTests
{
    readonly Dictionary<string, TaskCompletionSource<string>> _running = [];

    Task<string> Begin(string piece) => (_running[piece] = new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_run_at_a_time_one_of_each_kind_and_a_lane_without_work_takes_the_others()
    {
        await using var all = Lanes.RunAsync(["w1", "w2", "w3"], ["c1"], Begin, Cancel).GetAsyncEnumerator(Cancel);
        foreach (var (ends, begun) in ((string, string[])[])[("w1", ["w1", "c1"]), ("c1", ["w1", "c1", "w2"]),
            ("w3", ["w1", "c1", "w2", "w3"]), ("w2", ["w1", "c1", "w2", "w3"])])
        {
            ValueTask<bool> next = all.MoveNextAsync();
            Assert.Equal(begun, _running.Keys);
            _running[ends].SetResult(ends + " ended");
            Assert.True(await next);
            Assert.Equal(ends + " ended", all.Current);
        }
        Assert.False(await all.MoveNextAsync());
    }

    [Fact]
    public async Task After_a_failure_nothing_is_begun_and_what_runs_is_waited_for()
    {
        await using var all = Lanes.RunAsync(["w1", "w2"], ["c1"], Begin, Cancel).GetAsyncEnumerator(Cancel);
        Task<bool> next = all.MoveNextAsync().AsTask();
        _running["w1"].SetException(new InvalidOperationException("no"));
        Assert.False(next.IsCompleted);
        _running["c1"].SetResult("c1");
        Assert.Equal("no", (await Assert.ThrowsAsync<InvalidOperationException>(() => next)).Message);
        Assert.Equal(["w1", "c1"], _running.Keys);
    }
}
