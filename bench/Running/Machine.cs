using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace DiffusionBatch.Bench;

/// <summary>What the figures were measured on.</summary>
internal static class Machine
{
    /// <summary>Cores, architecture and widest vectors.</summary>
    internal static string Description =>
        $"{Environment.ProcessorCount} cores, {RuntimeInformation.ProcessArchitecture}, {Vectors}, .NET {Environment.Version}";

    private static string Vectors => Avx512F.IsSupported ? "AVX-512" : Avx2.IsSupported ? "AVX2" : "128-bit vectors";
}
