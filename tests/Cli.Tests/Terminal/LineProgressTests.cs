using DiffusionBatch.Cli.Terminal;
using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Jobs;

namespace DiffusionBatch.Cli.Tests.Terminal;

public class LineProgressTests
{
    readonly List<string> _lines = [];
    readonly HandClock _clock = new();

    [Fact]
    public void A_line_for_each_phase_and_otherwise_one_every_few_seconds()
    {
        var progress = new LineProgress(_lines.Add, _clock);
        progress.Report(Event("training", 1));
        progress.Report(Event("training", 2));
        _clock.Pass(LineProgress.Interval);
        progress.Report(Event("training", 3));
        progress.Report(Event("length predictor", 1));
        progress.Report(Event("length predictor", 2) with { State = JobState.Completed, Elapsed = TimeSpan.FromSeconds(65) });
        Assert.Equal(
        [
            "train: training 1/9,000 steps, loss 2.318, 2:31 left",
            "train: training 3/9,000 steps, loss 2.318, 2:31 left",
            "train: length predictor 1/9,000 steps, loss 2.318, 2:31 left",
            "train: done 2/9,000 steps, loss 2.318, 1:05 in all",
        ], _lines);
    }

    [Theory]
    [InlineData(3, 3, "", JobState.Completed, "train: done 3/3, 0:02 in all")]
    [InlineData(3, 3, "items", JobState.Completed, "train: done 3/3 items, 0:02 in all")]
    [InlineData(2, 0, "", JobState.Running, "train: waiting 2")]
    [InlineData(0, 0, "", JobState.Running, "train: waiting")]
    [InlineData(0, 0, "", JobState.Failed, "train: failed 0:02 in all")]
    public void A_count_without_a_unit_leaves_no_gap(long done, long total, string unit, JobState state, string line)
    {
        new LineProgress(_lines.Add, _clock).Report(new JobProgress("train", "evaluate", state, "waiting", done, total, unit,
            new Dictionary<string, double>(), TimeSpan.FromSeconds(2), null));
        Assert.Equal([line], _lines);
    }

    [Fact]
    public void Jobs_have_their_own_rhythm_and_notes_always_come()
    {
        var progress = new LineProgress(_lines.Add, _clock);
        progress.Report(Event("training", 1));
        progress.Report(Event("training", 1) with { Job = "other" });
        progress.Report(Event("training", 2) with { Note = "12 pairs were cut" });
        Assert.Equal(3, _lines.Count);
        Assert.Equal("train: 12 pairs were cut", _lines[2]);
    }

    static JobProgress Event(string phase, long done) => new("train", "finetune", JobState.Running, phase, done, 9000, "steps",
        new Dictionary<string, double> { ["loss"] = 2.318 }, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(151));

    sealed class HandClock : TimeProvider
    {
        long _now;
        public override long TimestampFrequency => TimeSpan.TicksPerSecond;
        public void Pass(TimeSpan time) => _now += time.Ticks;
        public override long GetTimestamp() => _now;
    }
}
