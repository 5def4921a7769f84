using System.Runtime.Intrinsics.X86;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Runtime;

/// <summary>
/// Whether a device has instructions for products of bfloat16 numbers. Without them such products are emulated, and slow.
/// </summary>
static class FastBfloat16
{
    const int Features = 7, DotProductBit = 5, TileBit = 22;

    /// <summary>Whether it pays to compute products in bfloat16.</summary>
    /// <param name="device">The device; the CPU when null.</param>
    public static bool On(Device? device) => (device?.type ?? DeviceType.CPU) switch
    {
        DeviceType.CPU => Cpu(),
        DeviceType.CUDA => true,
        _ => false,
    };

    /// <summary>AVX512_BF16 (leaf 7.1, eax) or AMX-BF16 (leaf 7.0, edx), and AVX-512 that the system lets programs use.</summary>
    static bool Cpu()
    {
        if (!Avx512F.IsSupported || X86Base.CpuId(0, 0).Eax < Features) return false;
        var (most, _, _, edx) = X86Base.CpuId(Features, 0);
        return (edx >> TileBit & 1) != 0 || most >= 1 && (X86Base.CpuId(Features, 1).Eax >> DotProductBit & 1) != 0;
    }
}
