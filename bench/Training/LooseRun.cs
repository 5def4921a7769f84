using System.Diagnostics;
using DiffusionBatch.Diffusion.Training;

namespace DiffusionBatch.Bench;

/// <summary>The first steps of a finetune, which is left between two of them: nothing is written but what it began with.</summary>
internal static class LooseRun
{
    /// <summary>Trains.</summary>
    /// <param name="request">The finetune; its steps are more than <paramref name="steps"/>.</param>
    /// <param name="steps">How many to take.</param>
    /// <param name="afterStep">Is told a step's number, from 1, its loss and its seconds.</param>
    internal static void Take(FinetuneRequest request, int steps, Action<long, double, double> afterStep)
    {
        try
        {
            Finetuner.Run(request, new Steps(steps, afterStep), CancellationToken.None);
        }
        catch (EnoughException)
        {
            // A finetune that is cancelled would write its state, gigabytes of a large model.
        }
    }

    private sealed class Steps(int count, Action<long, double, double> afterStep) : IProgress<TrainingProgress>
    {
        private long _started = Stopwatch.GetTimestamp();

        public void Report(TrainingProgress value)
        {
            if (value is not { Phase: "train", Loss: { } loss })
                return;
            afterStep(value.Step, loss, Stopwatch.GetElapsedTime(_started).TotalSeconds);
            if (value.Step == count)
                throw new EnoughException();
            _started = Stopwatch.GetTimestamp();
        }
    }

    private sealed class EnoughException : Exception;
}
