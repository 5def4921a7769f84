using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Tests.Training;

public sealed class TrainingLoopTests : IDisposable
{
    readonly TemporaryFolder _folder = new();
    readonly Parameter _weight = new(ones(4));

    public void Dispose()
    {
        _weight.Dispose();
        _folder.Dispose();
    }

    /// <summary>loss = slope(number) times the sum of the weights; nothing to learn where the slope is null.</summary>
    sealed class Slopes(Parameter weight, Func<long, double?> slope) : ITrainingTask
    {
        public List<long> Numbers { get; } = [];

        public int Steps { get; private set; }

        public IDisposable? Step()
        {
            Steps++;
            return null;
        }

        public Tensor? Loss(long number, out int tokens)
        {
            Numbers.Add(number);
            tokens = 1;
            return slope(number) is { } s ? weight.sum() * s : null;
        }

        public double? Evaluate() => Validation.Count > 1 ? Validation.Dequeue() : Validation.Peek();

        /// <summary>The validation losses in turn, the last one again and again.</summary>
        public Queue<double?> Validation { get; init; } = new([7]);
    }

    Slopes Run(TrainingSettings settings, Func<long, double?> slope, out TrainingOutcome outcome, double?[]? validation = null,
        string phase = "train", IProgress<TrainingProgress>? progress = null)
    {
        var task = new Slopes(_weight, slope) { Validation = new(validation ?? [7]) };
        outcome = new TrainingLoop(phase, settings, [new("w", _weight)], _folder["state.safetensors"], "key", Precision.Bfloat16,
            TimeProvider.System).Run(task, progress, default);
        return task;
    }

    static TrainingSettings Settings(int steps) =>
        new() { Steps = steps, WarmupSteps = 0, LearningRate = 0.1, ClipNorm = 0, EvaluateEvery = 2, CheckpointEvery = 0 };

    [Fact]
    public void Accumulated_batches_are_averaged_and_numbered_through()
    {
        var task = Run(Settings(2) with { Accumulate = 3 }, n => n, out var outcome);
        Assert.Equal([0, 1, 2, 3, 4, 5], task.Numbers);
        Assert.Equal(2, task.Steps);
        Assert.All(_weight.grad!.data<float>().ToArray(), g => Assert.Equal(4, g, 1e-5f));
        Assert.Equal(6, outcome.Tokens);
    }

    [Fact]
    public void The_checkpoint_says_which_arithmetic_the_run_began_with()
    {
        Assert.Null(TrainingState.PrecisionOf(_folder["state.safetensors"], "key"));
        Run(Settings(1), _ => 1, out _);
        Assert.Equal(Precision.Bfloat16, TrainingState.PrecisionOf(_folder["state.safetensors"], "key"));
        Assert.Null(TrainingState.PrecisionOf(_folder["state.safetensors"], "another"));
    }

    [Fact]
    public void Steps_without_anything_to_learn_count_and_change_nothing()
    {
        Run(Settings(3), _ => null, out var outcome);
        Assert.All(_weight.data<float>().ToArray(), w => Assert.Equal(1, w));
        Assert.Equal([2, 3], outcome.Evaluations.Select(e => (int)e.Step));
        Assert.All(outcome.Evaluations, e => Assert.Equal((0, 7), (e.Loss, e.ValidationLoss)));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_loss_that_is_not_finite_fails_with_its_step_and_keeps_the_last_checkpoint(double loss)
    {
        // Run again, it goes on from there and comes to the same end.
        for (int run = 0; run < 2; run++)
        {
            var diverged =
                Assert.Throws<DivergedException>(() => Run(Settings(9) with { CheckpointEvery = 2 }, n => n == 4 ? loss : 1, out _));
            Assert.Equal((5, 4), (diverged.Step, diverged.Checkpoint));
            Assert.StartsWith("trainingDiverged: the training loss is ", diverged.Message);
            Assert.Contains("at step 5; lower learningRate (it is 0.1), set clipNorm", diverged.Message);
            Assert.Contains("of step 4, is kept", diverged.Message);
        }
        Assert.Equal(4, Saved().Step);
    }

    TrainingState Saved()
    {
        using var optimizer = new DiffusionBatch.Diffusion.Training.AdamW([_weight], Settings(1));
        var state = TrainingState.Load(_folder["state.safetensors"], "key", [new("w", _weight)], optimizer);
        Assert.All(_weight.data<float>().ToArray(), w => Assert.True(float.IsFinite(w)));
        return state!;
    }

    [Fact]
    public void A_gradient_that_clipping_can_not_measure_fails_before_it_touches_the_weights()
    {
        var diverged = Assert.Throws<DivergedException>(() => Run(Settings(5) with { ClipNorm = 1 }, n => n == 2 ? 1e30 : 1, out _));
        Assert.Equal((3, 0), (diverged.Step, diverged.Checkpoint));
        Assert.Contains("gradient", diverged.Message);
        Assert.Contains("There was no checkpoint", diverged.Message);
        Assert.All(_weight.data<float>().ToArray(), w => Assert.True(float.IsFinite(w)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0)]
    public void Weights_that_are_not_finite_take_no_checkpoint_s_place(int checkpointEvery)
    {
        // The loss is finite all the time; the rate isn't, once it is a float.
        var diverged =
            Assert.Throws<DivergedException>(() =>
                Run(Settings(1) with
                {
                    LearningRate = 1e39,
                    Schedule = LearningRateSchedule.Constant,
                    CheckpointEvery = checkpointEvery,
                    EvaluateEvery = 0
                }, _ => 1, out _));
        Assert.Equal(1, diverged.Step);
        Assert.Contains("the weights of w are not finite", diverged.Message);
        Assert.False(File.Exists(_folder["state.safetensors"]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void A_validation_loss_that_is_not_finite_fails(int step)
    {
        var diverged = Assert.Throws<DivergedException>(() =>
            Run(Settings(4), _ => 1, out _, step == 0 ? [double.NaN] : [7, double.PositiveInfinity]));
        Assert.Equal(step, diverged.Step);
        Assert.Contains("validation loss", diverged.Message);
    }

    [Theory]
    [InlineData(new double[] { 7, 3, 7.5 }, true)]
    [InlineData(new double[] { 7, 12_900_000 }, true)]
    [InlineData(new double[] { 7, 9, 6 }, false)]
    [InlineData(new double[] { 7, 7 }, false)]
    public void A_validation_loss_that_ends_above_where_it_began_is_told(double[] validation, bool rose)
    {
        var progress = new RecordingProgress();
        Run(Settings(validation.Length * 2 - 2), _ => 1, out var outcome, [.. validation.Select(v => (double?)v)], progress: progress);
        Assert.Equal(7, outcome.InitialValidationLoss);
        Assert.Equal(rose, outcome.Warning is not null);
        Assert.Equal(rose ? [outcome.Warning!] : [], progress.All.Where(p => p.Note is not null).Select(p => p.Note!));
        if (rose)
            Assert.Contains($"the training validation loss ended "
                + $"at {validation[^1].ToString("G6", System.Globalization.CultureInfo.InvariantCulture)}, above the 7 ", outcome.Warning);
    }

    [Fact]
    public void Resumed_it_knows_where_it_began()
    {
        using var stop = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() =>
            new TrainingLoop("train", Settings(4), [new("w", _weight)], _folder["state.safetensors"], "key", Precision.Float32,
                TimeProvider.System)
            .Run(new Slopes(_weight, _ => 1), new RecordingProgress(p => { if (p.Step == 1) stop.Cancel(); }), stop.Token));
        Run(Settings(4), _ => 1, out var outcome, [8]);
        Assert.Equal((1, 7), (outcome.ResumedFrom, outcome.InitialValidationLoss));
        Assert.Contains("ended at 8, above the 7", outcome.Warning);
    }

    [Theory]
    [InlineData(1.0, false)]
    [InlineData(1.4, false)]
    [InlineData(3.0, true)]
    public void Without_validation_data_the_training_loss_is_looked_at(double slope, bool rose)
    {
        // The rate is too small to change a weight: the loss is four times the slope.
        Run(Settings(20) with { Schedule = LearningRateSchedule.Constant, LearningRate = 1e-12, WeightDecay = 0 }, n => n < 10 ? 1 : slope,
            out var outcome, [null]);
        Assert.Null(outcome.InitialValidationLoss);
        Assert.Equal(rose, outcome.Warning?.Contains("the training loss ended at 12, above the 4", StringComparison.Ordinal) ?? false);
    }

    [Fact]
    public void The_length_predictor_s_training_is_looked_at_too()
    {
        Run(Settings(2), _ => 1, out var outcome, [7, 8], "length");
        Assert.StartsWith("the length predictor's validation loss ended at 8, above the 7 that it began with: training may have "
            + "diverged; lower training.learningRate", outcome.Warning);
        Assert.Contains("the length predictor's loss is NaN at step 1", Assert.Throws<DivergedException>(() =>
        {
            File.Delete(_folder["state.safetensors"]);
            Run(Settings(2), _ => double.NaN, out _, phase: "length");
        }).Message);
    }

    [Fact]
    public void Updates_are_AdamW_s_with_decay_on_every_parameter()
    {
        Run(Settings(1) with { Schedule = LearningRateSchedule.Constant, WeightDecay = 0.5 }, _ => 2, out _);
        // The first update is the rate times the sign of the gradient, after the weights shrink by rate times decay.
        Assert.All(_weight.data<float>().ToArray(), w => Assert.Equal(1 - 0.1 * 0.5 - 0.1, w, 1e-5));
    }
}
