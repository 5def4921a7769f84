using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Contracts.Strategies;
using DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.Pipeline.Estimates;

/// <summary>How much work a job is, in the unit that speeds are measured in.</summary>
internal static class WorkUnits
{
    // Tokens of a response whose length isn't fixed, where nothing better is known.
    const int UsualLength = 24;

    /// <summary>
    /// A sample: items x cells x candidates x passes x tokens. An item of N tokens needs at most min(S, N) passes, since a step
    /// that writes nothing needs none; left to right it needs N, and SEDD's steps and the closing one need one each.
    /// </summary>
    public static double Sample(SampleManifest manifest, long items) => items * manifest.Cells().Sum(cell =>
    {
        int length = cell.Settings.Length!.Value ?? UsualLength;
        bool Is(string trait) => StrategyCatalog.Find(StrategyKind.Preset, cell.Settings.Preset)?.Is(trait) ?? false;
        int passes = Is(StrategyTraits.TokenByToken) ? length : Is(StrategyTraits.Scores)
            ? cell.Settings.Steps + 1
            : Math.Min(cell.Settings.Steps, length);
        return (double)cell.Settings.Length.Beam * (cell.Settings.Candidates ?? 1) * (cell.Settings.Beam ?? 1) * length * passes;
    });

    /// <summary>A finetune: the tokens of all its steps.</summary>
    public static double Finetune(FinetuneManifest manifest) =>
        (double)manifest.Training.Steps * manifest.Training.BatchTokens * manifest.Training.Accumulate;
}
