using System.Diagnostics;
using System.Globalization;
using DiffusionBatch.Diffusion.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionBatch.GpuWorker.Hosting;

/// <summary>The device of a name on the command line.</summary>
public static class DeviceChoice
{
    const int Rows = 512, Inner = 1024, Outer = 4096, Timed = 3;

    /// <summary>
    /// <c>auto</c> is the CPU where there is no GPU, and else what computes faster in a trial, so that a GPU that can't be used, or is
    /// slower, isn't; <c>cpu</c> and <c>cuda</c> are themselves.
    /// </summary>
    /// <param name="name">The name.</param>
    /// <param name="note">Is told what a trial came to, in a sentence.</param>
    /// <exception cref="DeviceException">There is no GPU, or no such name.</exception>
    public static Device Of(string name, Action<string>? note = null)
    {
        TorchRuntime.Require();
        switch (name)
        {
            case "auto" when cuda.is_available():
                var (device, outcome) = Fastest([new Device(DeviceType.CUDA), CPU], Seconds);
                note?.Invoke(outcome);
                return device;
            case "auto" or "cpu":
                return CPU;
            case "cuda" when cuda.is_available():
                return new Device(DeviceType.CUDA);
            case "cuda":
                throw new DeviceException("There is no CUDA device here, or this build has no CUDA backend; use --device cpu, or auto.");
            default:
                throw new DeviceException($"\"{name}\" is no device: auto, cpu or cuda is expected.");
        }
    }

    /// <summary>Tries devices in turn; one that fails isn't taken.</summary>
    /// <param name="devices">At least one; of equals the first is taken.</param>
    /// <param name="seconds">What a pass takes there.</param>
    /// <returns>The fastest, and what each came to, in a sentence.</returns>
    /// <exception cref="DeviceException">All of them fail.</exception>
    internal static (Device Device, string Outcome) Fastest(IReadOnlyList<Device> devices, Func<Device, double> seconds)
    {
        Device? best = null;
        double least = double.PositiveInfinity;
        var outcomes = new List<string>();
        foreach (Device device in devices)
        {
            try
            {
                double took = seconds(device);
                outcomes.Add(string.Create(CultureInfo.InvariantCulture, $"{Name(device)} {took * 1000:0.##} ms"));
                if (took < least) (best, least) = (device, took);
            }
            catch (Exception e) when (e is System.Runtime.InteropServices.ExternalException or InvalidOperationException)
            {
                outcomes.Add($"{Name(device)} can't be used: {e.Message.Split('\n')[0]}");
            }
        }
        string tried = string.Join("; ", outcomes);
        return best is null
            ? throw new DeviceException($"No device computes: {tried}.")
            : (best, $"It computes on {Name(best)}, by a trial: {tried}.");
    }

    static string Name(Device device) => device.type.ToString().ToLowerInvariant();

    /// <summary>The least of some passes' times, each a product as layers of 1,024 numbers have it; the first isn't counted.</summary>
    internal static double Seconds(Device device)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var (x, weight) = (ones([Rows, Inner], device: device), ones([Outer, Inner], device: device));
        double least = double.PositiveInfinity;
        for (int i = 0; i <= Timed; i++)
        {
            long started = Stopwatch.GetTimestamp();
            nn.functional.gelu(nn.functional.linear(x, weight)).sum().item<float>(); // a read waits for the device
            if (i > 0) least = Math.Min(least, Stopwatch.GetElapsedTime(started).TotalSeconds);
        }
        return least;
    }
}

/// <summary>The device that was asked for can't be had.</summary>
/// <param name="message">Why, and what to do.</param>
public sealed class DeviceException(string message) : Exception(message);
