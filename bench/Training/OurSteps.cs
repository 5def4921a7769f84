using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Processes;
using DiffusionBatch.Diffusion.Training;

namespace DiffusionBatch.Bench;

/// <summary>
/// Steps of a real finetune (<see cref="Finetuner"/>): from texts and a checkpoint folder, with all that a step has to do, the
/// noise and the schedule included. After each the trainer waits until the peer has had its turn.
/// </summary>
/// <param name="folder">The model and the pairs.</param>
/// <param name="precision">Of the products.</param>
internal sealed class OurSteps(CaseFolder folder, string precision = OurSteps.Float32)
{
    /// <summary>The precisions that can be asked for.</summary>
    internal const string Float32 = "float32", BFloat16 = "bfloat16";

    /// <summary>The rate of all steps.</summary>
    internal const double LearningRate = 5e-4;

    /// <summary>RDM's loss as it is by default: 50 times, coupled, weighted linearly.</summary>
    internal static ObjectiveSettings Objective { get; } = new();

    /// <summary>Takes the first steps of a finetune, each on all pairs.</summary>
    /// <param name="count">How many.</param>
    /// <param name="afterStep">Is told a step's loss and seconds; its own time isn't counted.</param>
    internal void Run(int count, Action<double, double> afterStep) =>
        LooseRun.Take(new FinetuneRequest
        {
            Model = new TrainingModel { From = folder.Model },
            Train = folder.Pairs,
            MaxLength = folder.Sizes.Columns,
            Objective = Objective,
            Training = Settings(count + 1), // the last one also evaluates
            Seed = CaseFolder.Seed,
            Output = folder.Model + ".trained",
            Work = folder.Work,
        }, count, (_, loss, seconds) => afterStep(loss, seconds));

    private TrainingSettings Settings(int steps) => new()
    {
        Steps = steps,
        BatchTokens = folder.Sizes.Tokens,
        LearningRate = LearningRate,
        Schedule = LearningRateSchedule.Constant,
        WarmupSteps = 0,
        EvaluateEvery = 0,
        CheckpointEvery = 0,
        Precision = Enum.Parse<Precision>(precision, ignoreCase: true),
    };
}
