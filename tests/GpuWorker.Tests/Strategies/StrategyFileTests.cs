using DiffusionBatch.Contracts.Strategies;
using DiffusionBatch.Diffusion.Models.Families;
using DiffusionBatch.Diffusion.Processes;
using DiffusionBatch.Diffusion.Sampling.LengthSources;
using DiffusionBatch.Diffusion.Sampling.Presets;
using DiffusionBatch.Evaluation;

namespace DiffusionBatch.GpuWorker.Tests.Strategies;

/// <summary>What everybody knows of the strategies is what their types say.</summary>
public sealed class StrategyFileTests
{
    [Fact]
    public void The_file_that_the_API_checks_manifests_by_is_made_of_the_types()
    {
        string file = Path.Combine(SharedData.RepositoryRoot, "src", "Contracts", "Strategies", "strategies.json");
        string made = StrategyCatalog.Write(
            [.. SamplerPreset.Registry.Cards, .. TrainingProcesses.All.Cards, .. LengthSource.Registry.Cards, .. MetricRegistry.Cards,
                .. ModelFamily.Registry.Cards]);
        if (Environment.GetEnvironmentVariable("DBATCH_UPDATE_SCHEMAS") is not null) File.WriteAllText(file, made);
        Assert.True(File.ReadAllText(file) == made, "src/Contracts/Strategies/strategies.json is stale: run this test with "
            + "DBATCH_UPDATE_SCHEMAS=1, build, and make the schema and docs/manifests.md anew");
    }
}
