using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Training;

namespace DiffusionBatch.Diffusion.Tests.Training;

public sealed class SettledPrecisionTests
{
    [Theory]
    [InlineData(Precision.Auto, null, true, true, Precision.Bfloat16, true, "training in bfloat16, for which this CPU has instructions")]
    [InlineData(Precision.Auto, null, false, true, Precision.Float32, true,
        "training in float32: this CPU has no instructions for bfloat16")]
    [InlineData(Precision.Auto, Precision.Bfloat16, true, true, Precision.Bfloat16, true, "training in bfloat16, as the run began")]
    [InlineData(Precision.Auto, Precision.Float32, true, true, Precision.Float32, true, "training in float32, as the run began")]
    [InlineData(Precision.Auto, Precision.Bfloat16, false, true, Precision.Bfloat16, true,
        "training in bfloat16, as the run began; this CPU has no instructions for it, so float32 would be faster")]
    [InlineData(Precision.Auto, null, true, false, Precision.Float32, true,
        "training in float32: so narrow a model gains nothing by bfloat16")]
    [InlineData(Precision.Auto, Precision.Bfloat16, true, false, Precision.Bfloat16, true, "training in bfloat16, as the run began")]
    [InlineData(Precision.Bfloat16, null, true, true, Precision.Bfloat16, false, "training in bfloat16")]
    [InlineData(Precision.Bfloat16, null, false, true, Precision.Bfloat16, true,
        "training in bfloat16; this CPU has no instructions for it, so float32 would be faster")]
    [InlineData(Precision.Float32, Precision.Float32, true, true, Precision.Float32, false, "training in float32")]
    public void What_the_run_began_with_goes_before_what_the_machine_is_fast_at(Precision asked, Precision? begun, bool isFast, bool isWide,
        Precision taken, bool isTold, string sentence) =>
        Assert.Equal(new SettledPrecision(taken, sentence, isTold), SettledPrecision.Of(asked, begun, isFast, isWide, "CPU"));
}
