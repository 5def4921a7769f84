using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Training;

/// <summary>The arithmetic that a run computes in.</summary>
/// <param name="Taken">float32 or bfloat16.</param>
/// <param name="Sentence">Which, and why, for a log.</param>
/// <param name="IsTold">Whether the user should read it: it was left to the machine, or it is slow there.</param>
sealed record SettledPrecision(Precision Taken, string Sentence, bool IsTold)
{
    /// <summary>
    /// The width from which rounded products pay on a CPU. At hidden size 128 a step took a third longer in bfloat16 than in
    /// float32 on a CPU with AMX (docs/performance.md): what is saved in products goes into casts.
    /// </summary>
    const int Wide = 256;

    /// <summary>
    /// Settles what was asked for. <see cref="Precision.Auto"/> is what the run began with, so that a resumed run ends with the
    /// same bytes wherever it goes on; a run that begins takes what the device is fast at.
    /// </summary>
    /// <param name="asked">What was asked for.</param>
    /// <param name="device">Where it will be computed; the CPU when null.</param>
    /// <param name="width">The model's hidden size.</param>
    /// <param name="begun">What the run began with; null for one that begins now.</param>
    public static SettledPrecision Of(Precision asked, Device? device, int width, Precision? begun) =>
        device is { type: not DeviceType.CPU }
            ? Of(asked, begun, FastBfloat16.On(device), true, "device")
            : Of(asked, begun, FastBfloat16.On(device), width >= Wide, "CPU");

    /// <summary>The same, knowing whether the device is fast at bfloat16, and whether the model is wide enough to gain by it.</summary>
    internal static SettledPrecision Of(Precision asked, Precision? begun, bool isFast, bool isWide, string device)
    {
        var taken = asked != Precision.Auto ? asked : begun ?? (isFast && isWide ? Precision.Bfloat16 : Precision.Float32);
        string reason = (asked, begun) switch
        {
            (not Precision.Auto, _) => "",
            (_, not null) => ", as the run began",
            _ when isFast && !isWide => ": so narrow a model gains nothing by bfloat16",
            _ when isFast => $", for which this {device} has instructions",
            _ => $": this {device} has no instructions for bfloat16",
        };
        bool emulates = taken == Precision.Bfloat16 && !isFast;
        if (emulates) reason += $"; this {device} has no instructions for it, so float32 would be faster";
        return new SettledPrecision(taken, $"training in {(taken == Precision.Bfloat16 ? "bfloat16" : "float32")}{reason}",
            asked == Precision.Auto || emulates);
    }
}
