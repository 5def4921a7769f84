using System.Globalization;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Runtime;
using DiffusionBatch.Diffusion.SafeTensors;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Training;

/// <summary>
/// Runs AdamW over a task's batches: learning-rate schedule, gradient accumulation and clipping, evaluations, and checkpoints
/// from which the run goes on bit for bit.
/// </summary>
/// <param name="phase">The phase's name in progress and log.</param>
/// <param name="settings">Steps, rates and periods.</param>
/// <param name="parameters">What is trained; the gradients of anything else are not touched.</param>
/// <param name="statePath">The checkpoint's file.</param>
/// <param name="key">Names the run; a checkpoint with another key is not resumed.</param>
/// <param name="precision">The arithmetic that the task computes in, kept in the checkpoint.</param>
/// <param name="time">The clock of rates and remaining time.</param>
sealed class TrainingLoop(
    string phase, TrainingSettings settings, IReadOnlyList<KeyValuePair<string, Parameter>> parameters, string statePath, string key,
    Precision precision, TimeProvider time)
{
    /// <summary>
    /// Without validation data the training loss is looked at, which is noisy: it rose where it ended above this many times what it began
    /// with.
    /// </summary>
    const double Noise = 1.5;

    /// <summary>Trains to the last step, or until cancelled: then a checkpoint is written after the step in progress.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled; running again goes on from the checkpoint.</exception>
    /// <exception cref="DivergedException">A loss, the gradient or the weights became infinite or not a number.</exception>
    public TrainingOutcome Run(ITrainingTask task, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        using var optimizer = new AdamW(parameters.Select(p => p.Value), settings);
        using var average = settings.Ema is { } decay ? new WeightAverage(parameters.Select(p => p.Value), decay) : null;
        var state = TrainingState.Load(statePath, key, parameters, optimizer, average) ?? new TrainingState { Precision = precision };
        long first = state.Step, saved = state.Step, tokens = 0, started = time.GetTimestamp();
        if (state.Step == 0) state = state with { InitialValidationLoss = Validate(task, average, 0, saved) };
        while (state.Step < settings.Steps)
        {
            if (cancellationToken.IsCancellationRequested) break;
            double rate = LearningRates.Of(settings).At(state.Step + 1),
                loss = Step(task, optimizer, average, ref state, rate, ref tokens, saved);
            if (settings.EvaluateEvery > 0 && state.Step % settings.EvaluateEvery == 0 || state.Step == settings.Steps)
                state = Evaluate(task, average, state, rate, saved);
            if (settings.CheckpointEvery > 0 && state.Step % settings.CheckpointEvery == 0)
            {
                Save(state, optimizer, average, saved);
                saved = state.Step;
            }
            Report(progress, state, first, loss, rate, tokens, time.GetElapsedTime(started).TotalSeconds);
        }
        if (saved != state.Step) Save(state, optimizer, average, saved);
        if (state.Step < settings.Steps) cancellationToken.ThrowIfCancellationRequested();
        average?.Swap(); // what is kept of the training
        double seconds = time.GetElapsedTime(started).TotalSeconds;
        string? warning = Rise(state);
        if (warning is not null) progress?.Report(new TrainingProgress(phase, state.Step, settings.Steps) { Note = warning });
        return new TrainingOutcome(first, state.Evaluations, tokens, seconds)
        {
            InitialValidationLoss = state.InitialValidationLoss,
            Warning = warning
        };
    }

    double Step(ITrainingTask task, AdamW optimizer, WeightAverage? average, ref TrainingState state, double rate, ref long tokens,
        long saved)
    {
        foreach (var (_, parameter) in parameters) parameter.grad = null; // a parameter that this step does not reach must not decay
        using var scope = NewDisposeScope();
        var shares = new List<Tensor>();
        using (task.Step())
            for (int k = 0; k < settings.Accumulate; k++)
            {
                using var inner = NewDisposeScope();
                var batchLoss = task.Loss(state.Step * settings.Accumulate + k, out int seen);
                tokens += seen;
                if (batchLoss is null) continue;
                var share = settings.Accumulate == 1 ? batchLoss : batchLoss / settings.Accumulate;
                share.backward();
                shares.Add(share.detach().to(float32).MoveToOuterDisposeScope());
            }
        bool learns = shares.Count > 0;
        var (loss, norm) = Read(shares, optimizer.Norm());
        long step = state.Step + 1;
        if (!double.IsFinite(loss)) throw Diverged($"the {Name} loss is {Text(loss)}", step, saved);
        if (learns && !optimizer.Step(rate, state.Updates + 1, norm))
            throw Diverged($"the norm of the {Name} gradient is not finite", step, saved);
        if (learns) average?.Update(state.Updates + 1);
        state = state with
        {
            Step = step,
            Updates = state.Updates + (learns ? 1 : 0),
            LossSum = state.LossSum + loss,
            LossCount = state.LossCount + 1,
            FirstLossSum = state.FirstLossSum + (step <= Tenth ? loss : 0),
            LastLossSum = state.LastLossSum + (step > settings.Steps - Tenth ? loss : 0),
        };
        return loss;
    }

    // All that a step reads from its device, in one copy: a read waits until the device has done all it was told to.
    static (double Loss, float? Norm) Read(IReadOnlyList<Tensor> shares, Tensor? norm)
    {
        if (shares.Count == 0) return (0, null);
        float[] numbers = HostRead.Floats(stack(norm is null ? shares : [.. shares, norm]));
        return (numbers.Take(shares.Count).Sum(x => (double)x), norm is null ? null : numbers[^1]);
    }

    TrainingState Evaluate(ITrainingTask task, WeightAverage? average, TrainingState state, double rate, long saved)
    {
        var record = new EvaluationRecord(phase, state.Step, state.LossSum / state.LossCount, rate,
            Validate(task, average, state.Step, saved));
        return state with { LossSum = 0, LossCount = 0, Evaluations = [.. state.Evaluations, record] };
    }

    // Of the averaged weights, where there are some: they are what is kept.
    double? Validate(ITrainingTask task, WeightAverage? average, long step, long saved)
    {
        using var scope = NewDisposeScope();
        average?.Swap();
        double? loss = task.Evaluate();
        average?.Swap();
        return loss is null or { } and not (double.NaN or double.PositiveInfinity or double.NegativeInfinity)
            ? loss
            : throw Diverged($"the {Name} validation loss is {Text(loss.Value)}", step, saved);
    }

    // The loss was finite, but the update after it may not have been: such weights must not take a good checkpoint's place.
    void Save(TrainingState state, AdamW optimizer, WeightAverage? average, long saved)
    {
        foreach (var (name, parameter) in parameters)
            if (!IsFinite(parameter)) throw Diverged($"the weights of {name} are not finite", state.Step, saved);
        state.Save(statePath, key, parameters, optimizer, average);
    }

    static bool IsFinite(Parameter parameter)
    {
        if (parameter.device_type == DeviceType.CPU && parameter.is_contiguous())
            return FiniteNumbers.IndexOfOther(SafeTensorType.F32, parameter.bytes) < 0;
        using var scope = NewDisposeScope();
        return isfinite(parameter).all().item<bool>();
    }

    // What the user should know: the loss ended above where it began, though all numbers are finite.
    string? Rise(TrainingState state)
    {
        double? began = state.InitialValidationLoss, ended = state.Evaluations[^1].ValidationLoss;
        bool validated = began is not null && ended is not null, rose = validated
            ? ended > began
            : state.LastLossSum > Noise * state.FirstLossSum;
        if (!rose) return null;
        if (!validated) (began, ended) = (state.FirstLossSum / Tenth, state.LastLossSum / Tenth);
        return $"the {Name}{(validated ? " validation" : "")} loss ended "
            + $"at {Text(ended!.Value)}, above the {Text(began!.Value)} that it began with: training may have diverged; {Advice}";
    }

    int Tenth => Math.Max(settings.Steps / 10, 1);

    string Name => phase == "length" ? "length predictor's" : "training";

    string Advice
    {
        get
        {
            // The predictor's own rate is fixed; what it is trained on is the model's states.
            if (phase == "length") return "lower training.learningRate, since it learns from the trained model's states, or leave "
                + "length.predictor out";
            string rate = string.Create(CultureInfo.InvariantCulture, $"lower learningRate (it is {settings.LearningRate})");
            string clip = settings.ClipNorm > 0
                ? string.Create(CultureInfo.InvariantCulture, $", lower clipNorm (it is {settings.ClipNorm})")
                : ", set clipNorm (gradients are not clipped; 1 is usual)";
            return $"{rate}{clip}{(precision == Precision.Bfloat16 ? ", train in float32" : "")} or lengthen warmupSteps";
        }
    }

    DivergedException Diverged(string what, long step, long saved) => new(what, step, Advice, saved);

    static string Text(double number) => number.ToString("G6", CultureInfo.InvariantCulture);

    void Report(IProgress<TrainingProgress>? progress, TrainingState state, long first, double loss, double rate, long tokens,
        double seconds) =>
        progress?.Report(new TrainingProgress(phase, state.Step, settings.Steps)
        {
            Loss = loss,
            LearningRate = rate,
            TokensPerSecond = tokens / Math.Max(seconds, 1e-9),
            SecondsLeft = seconds / (state.Step - first) * (settings.Steps - state.Step),
            ValidationLoss = state.Evaluations.Count > 0 ? state.Evaluations[^1].ValidationLoss : null,
        });
}
