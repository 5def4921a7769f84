using DiffusionBatch.GpuWorker.Hosting;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionBatch.GpuWorker.Tests.Hosting;

public sealed class DeviceChoiceTests
{
    static readonly Device s_gpu = new(DeviceType.CUDA);

    [Theory]
    [InlineData(0.001, 0.03, DeviceType.CUDA, "It computes on cuda, by a trial: cuda 1 ms; cpu 30 ms.")]
    [InlineData(0.05, 0.03, DeviceType.CPU, "It computes on cpu, by a trial: cuda 50 ms; cpu 30 ms.")]
    [InlineData(0.03, 0.03, DeviceType.CUDA, "It computes on cuda, by a trial: cuda 30 ms; cpu 30 ms.")]
    public void The_faster_of_two_devices_is_taken(double gpu, double cpu, DeviceType expected, string outcome)
    {
        var (device, said) = DeviceChoice.Fastest([s_gpu, CPU], d => d.type == DeviceType.CUDA ? gpu : cpu);
        Assert.Equal((expected, outcome), (device.type, said));
    }

    [Fact]
    public void A_device_that_fails_is_passed_over_and_the_reason_said()
    {
        var (device, said) = DeviceChoice.Fastest([s_gpu, CPU], d => d.type == DeviceType.CPU ? 0.03
            : throw new InvalidOperationException("CUDA error: no kernel image is available\nCUDA kernel errors"));
        Assert.Equal(DeviceType.CPU, device.type);
        Assert.Equal("It computes on cpu, by a trial: cuda can't be used: CUDA error: no kernel image is available; cpu 30 ms.", said);
        var none = Assert.Throws<DeviceException>(() => DeviceChoice.Fastest([CPU], _ => throw new InvalidOperationException("no memory")));
        Assert.Equal("No device computes: cpu can't be used: no memory.", none.Message);
    }

    [Fact]
    public void The_trial_computes_on_this_machine_s_cpu() => Assert.InRange(DeviceChoice.Seconds(CPU), 1e-6, 60);

    [Fact]
    public void Without_a_GPU_there_is_no_trial_and_a_GPU_is_refused()
    {
        if (cuda.is_available()) Assert.Skip("There is a GPU here.");
        var notes = new List<string>();
        Assert.Equal(DeviceType.CPU, DeviceChoice.Of("auto", notes.Add).type);
        Assert.Equal(DeviceType.CPU, DeviceChoice.Of("cpu", notes.Add).type);
        Assert.Empty(notes);
        Assert.Contains("use --device cpu, or auto", Assert.Throws<DeviceException>(() => DeviceChoice.Of("cuda")).Message,
            StringComparison.Ordinal);
        Assert.Contains("auto, cpu or cuda", Assert.Throws<DeviceException>(() => DeviceChoice.Of("tpu")).Message,
            StringComparison.Ordinal);
    }
}
