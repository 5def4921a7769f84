using DiffusionBatch.Diffusion.Runtime;
using static TorchSharp.torch;

namespace DiffusionBatch.GpuWorker.Hosting;

/// <summary>The device of a name on the command line.</summary>
public static class DeviceChoice
{
    /// <summary><c>auto</c> is the GPU where there is one, else the CPU; <c>cpu</c> and <c>cuda</c> are themselves.</summary>
    /// <exception cref="DeviceException">There is no GPU, or no such name.</exception>
    public static Device Of(string name)
    {
        TorchRuntime.Require();
        return name switch
        {
            "auto" => cuda.is_available() ? new Device(TorchSharp.DeviceType.CUDA) : CPU,
            "cpu" => CPU,
            "cuda" when cuda.is_available() => new Device(TorchSharp.DeviceType.CUDA),
            "cuda" =>
                throw new DeviceException("There is no CUDA device here, or this build has no CUDA backend; use --device cpu, or auto."),
            _ => throw new DeviceException($"\"{name}\" is no device: auto, cpu or cuda is expected."),
        };
    }
}
