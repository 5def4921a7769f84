using DiffusionBatch.Diffusion.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Tests.Training;

public sealed class TrainingLoopTests : IDisposable
{
    readonly TemporaryFolder folder = new();
    readonly Parameter weight = new(ones(4));

    public void Dispose()
    {
        weight.Dispose();
        folder.Dispose();
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

        public double? Evaluate() => 7;
    }

    Slopes Run(TrainingSettings settings, Func<long, double?> slope, out TrainingOutcome outcome)
    {
        var task = new Slopes(weight, slope);
        outcome = new TrainingLoop("train", settings, [new("w", weight)], folder["state.safetensors"], "key", Precision.BFloat16, TimeProvider.System).Run(task, null, default);
        return task;
    }

    static TrainingSettings Settings(int steps) => new() { Steps = steps, WarmupSteps = 0, LearningRate = 0.1, ClipNorm = 0, EvaluateEvery = 2, CheckpointEvery = 0 };

    [Fact]
    public void Accumulated_batches_are_averaged_and_numbered_through()
    {
        var task = Run(Settings(2) with { Accumulate = 3 }, n => n, out var outcome);
        Assert.Equal([0, 1, 2, 3, 4, 5], task.Numbers);
        Assert.Equal(2, task.Steps);
        Assert.All(weight.grad!.data<float>().ToArray(), g => Assert.Equal(4, g, 1e-5f));
        Assert.Equal(6, outcome.Tokens);
    }

    [Fact]
    public void The_checkpoint_says_which_arithmetic_the_run_began_with()
    {
        Assert.Null(TrainingState.PrecisionOf(folder["state.safetensors"], "key"));
        Run(Settings(1), _ => 1, out _);
        Assert.Equal(Precision.BFloat16, TrainingState.PrecisionOf(folder["state.safetensors"], "key"));
        Assert.Null(TrainingState.PrecisionOf(folder["state.safetensors"], "another"));
    }

    [Fact]
    public void Steps_without_anything_to_learn_count_and_change_nothing()
    {
        Run(Settings(3), _ => null, out var outcome);
        Assert.All(weight.data<float>().ToArray(), w => Assert.Equal(1, w));
        Assert.Equal([2, 3], outcome.Evaluations.Select(e => (int)e.Step));
        Assert.All(outcome.Evaluations, e => Assert.Equal((0, 7), (e.Loss, e.ValidationLoss)));
    }

    [Fact]
    public void A_loss_that_is_not_finite_stops_the_run_and_names_the_step() =>
        Assert.Contains("step 3", Assert.Throws<FinetuneException>(() => Run(Settings(5), n => n == 2 ? double.NaN : 1, out _)).Message);

    [Fact]
    public void Updates_are_AdamW_s_with_decay_on_every_parameter()
    {
        Run(Settings(1) with { Schedule = ScheduleKind.Constant, WeightDecay = 0.5 }, _ => 2, out _);
        // The first update is the rate times the sign of the gradient, after the weights shrink by rate times decay.
        Assert.All(weight.data<float>().ToArray(), w => Assert.Equal(1 - 0.1 * 0.5 - 0.1, w, 1e-5));
    }
}
