using System.Runtime.Intrinsics.X86;

namespace TorchSharp.Kernels;

/// <summary>Which instruction set the kernels use: chosen once, changed only by tests.</summary>
internal static class CpuPath
{
    private static SimdLevel s_level = Best;

    /// <summary>The widest level of this machine.</summary>
    internal static SimdLevel Best => Supports(SimdLevel.Avx512) ? SimdLevel.Avx512
        : Supports(SimdLevel.Avx2) ? SimdLevel.Avx2
        : SimdLevel.Portable;

    /// <summary>The level in use.</summary>
    /// <exception cref="PlatformNotSupportedException">When set to a level that this machine lacks.</exception>
    internal static SimdLevel Level
    {
        get => s_level;
        set => s_level = Supports(value) ? value : throw new PlatformNotSupportedException($"This machine has no {value}.");
    }

    /// <summary>Whether this machine can run a level. (Vector512.IsHardwareAccelerated is false on CPUs that merely clock lower; the flags decide.)</summary>
    internal static bool Supports(SimdLevel level) => level switch
    {
        SimdLevel.Avx512 => Avx512F.IsSupported && Avx512DQ.IsSupported && Avx512BW.IsSupported && Fma.IsSupported,
        SimdLevel.Avx2 => Avx2.IsSupported && Fma.IsSupported,
        _ => true,
    };
}
