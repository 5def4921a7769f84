using System.Runtime.InteropServices;
using DiffusionBatch.Diffusion.SafeTensors;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Checkpoints;

/// <summary>A float32 tensor's elements, a window at a time, so that nothing is ever held twice.</summary>
static class TensorWindows
{
    /// <summary>Takes a window's elements; row-major, the first one's number first.</summary>
    public delegate void Reader(long from, Span<float> window);

    /// <summary>Fills a contiguous tensor; one on a device through a window on the CPU.</summary>
    public static void Fill(Tensor destination, Reader read)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        using var flat = destination.detach().view(-1);
        for (long at = 0, all = flat.shape[0]; at < all; at += SafeTensorsReader.WindowElements)
        {
            using var inner = NewDisposeScope();
            var window = flat.narrow(0, at, Math.Min(SafeTensorsReader.WindowElements, all - at));
            var staged = window.device.type == TorchSharp.DeviceType.CPU ? window : empty_like(window, device: CPU);
            read(at, MemoryMarshal.Cast<byte, float>(staged.bytes));
            if (!ReferenceEquals(staged, window)) window.copy_(staged);
        }
    }

    /// <summary>Reads a tensor out.</summary>
    public static void Read(Tensor source, Reader read)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var flat = source.detach().contiguous().view(-1);
        for (long at = 0, all = flat.shape[0]; at < all; at += SafeTensorsReader.WindowElements)
        {
            using var inner = NewDisposeScope();
            read(at, MemoryMarshal.Cast<byte, float>(flat.narrow(0, at, Math.Min(SafeTensorsReader.WindowElements, all - at)).cpu().bytes));
        }
    }
}
