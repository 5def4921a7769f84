using System.Runtime.InteropServices;
using TorchSharp.Kernels;

namespace DiffusionBatch.Bench;

/// <summary>What the figures were measured on.</summary>
internal static class Machine
{
    /// <summary>Cores, architecture and the instruction set that the kernels use.</summary>
    internal static string Description => $"{Environment.ProcessorCount} cores, {RuntimeInformation.ProcessArchitecture}, {CpuPath.Level}, .NET {Environment.Version}";

    /// <summary>
    /// The kernels that OpenBLAS is told to use: it knows CPUs by their model numbers and takes slower ones where the
    /// hypervisor hides them, so where there is AVX-512 it is named. Null leaves the choice to OpenBLAS.
    /// </summary>
    internal static string? OpenBlasKernels =>
        Environment.GetEnvironmentVariable("OPENBLAS_CORETYPE") ?? (CpuPath.Supports(SimdLevel.Avx512) ? "SkylakeX" : null);
}
