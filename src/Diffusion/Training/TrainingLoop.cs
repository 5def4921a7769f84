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
    string phase, TrainingSettings settings, IReadOnlyList<KeyValuePair<string, Parameter>> parameters, string statePath, string key, Precision precision, TimeProvider time)
{
    /// <summary>Trains to the last step, or until cancelled: then a checkpoint is written after the step in progress.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled; running again goes on from the checkpoint.</exception>
    /// <exception cref="FinetuneException">The loss became infinite or not a number.</exception>
    public TrainingOutcome Run(ITrainingTask task, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        using var optimizer = new AdamW(parameters.Select(p => p.Value), settings);
        var state = TrainingState.Load(statePath, key, parameters, optimizer) ?? new TrainingState { Precision = precision };
        long first = state.Step, saved = state.Step, tokens = 0, started = time.GetTimestamp();
        while (state.Step < settings.Steps)
        {
            if (cancellationToken.IsCancellationRequested) break;
            double rate = settings.LearningRates.At(state.Step + 1), loss = Step(task, optimizer, ref state, rate, ref tokens);
            if (settings.EvaluateEvery > 0 && state.Step % settings.EvaluateEvery == 0 || state.Step == settings.Steps)
                state = Evaluate(task, state, rate);
            if (settings.CheckpointEvery > 0 && state.Step % settings.CheckpointEvery == 0)
            {
                state.Save(statePath, key, parameters, optimizer);
                saved = state.Step;
            }
            Report(progress, state, first, loss, rate, tokens, time.GetElapsedTime(started).TotalSeconds);
        }
        if (saved != state.Step) state.Save(statePath, key, parameters, optimizer);
        if (state.Step < settings.Steps) cancellationToken.ThrowIfCancellationRequested();
        double seconds = time.GetElapsedTime(started).TotalSeconds;
        return new TrainingOutcome(first, state.Evaluations, tokens, seconds);
    }

    double Step(ITrainingTask task, AdamW optimizer, ref TrainingState state, double rate, ref long tokens)
    {
        foreach (var (_, parameter) in parameters) parameter.grad = null; // a parameter that this step does not reach must not decay
        double loss = 0;
        bool learns = false;
        using (task.Step())
            for (int k = 0; k < settings.Accumulate; k++)
            {
                using var scope = NewDisposeScope();
                var batchLoss = task.Loss(state.Step * settings.Accumulate + k, out int seen);
                tokens += seen;
                if (batchLoss is null) continue;
                learns = true;
                var share = settings.Accumulate == 1 ? batchLoss : batchLoss / settings.Accumulate;
                share.backward();
                loss += share.item<float>();
            }
        if (!double.IsFinite(loss))
            throw new FinetuneException([$"the {phase} loss is {loss} at step {state.Step + 1}: lower the learning rate, or lengthen the warmup"]);
        if (learns) optimizer.Step(rate, state.Updates + 1);
        state = state with { Step = state.Step + 1, Updates = state.Updates + (learns ? 1 : 0), LossSum = state.LossSum + loss, LossCount = state.LossCount + 1 };
        return loss;
    }

    TrainingState Evaluate(ITrainingTask task, TrainingState state, double rate)
    {
        using var scope = NewDisposeScope();
        var record = new EvaluationRecord(phase, state.Step, state.LossSum / state.LossCount, rate, task.Evaluate());
        return state with { LossSum = 0, LossCount = 0, Evaluations = [.. state.Evaluations, record] };
    }

    void Report(IProgress<TrainingProgress>? progress, TrainingState state, long first, double loss, double rate, long tokens, double seconds) =>
        progress?.Report(new TrainingProgress(phase, state.Step, settings.Steps)
        {
            Loss = loss,
            LearningRate = rate,
            TokensPerSecond = tokens / Math.Max(seconds, 1e-9),
            SecondsLeft = seconds / (state.Step - first) * (settings.Steps - state.Step),
            ValidationLoss = state.Evaluations.Count > 0 ? state.Evaluations[^1].ValidationLoss : null,
        });
}
