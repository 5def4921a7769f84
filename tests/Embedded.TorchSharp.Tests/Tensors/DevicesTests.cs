using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Tensors;

public sealed class DevicesTests
{
    [Fact]
    public void A_device_is_named_by_its_kind_and_number()
    {
        Device written = "cuda:2";
        Device[] same = [written, new Device("cuda:2"), new Device("cuda", 2), new Device(DeviceType.CUDA, 2), new Device(2), device(2)];
        Assert.All(same, d => Assert.Equal((DeviceType.CUDA, 2, "cuda:2"), (d.type, d.index, d.ToString())));
        Assert.Equal(-1, new Device("cpu").index);
        Assert.Equal((DeviceType.CPU, "cpu"), (device("CPU").type, device(DeviceType.CPU).ToString()));
        Assert.Equal("cpu", device("cpu", 0).ToString());
        Assert.Throws<ArgumentException>(() => new Device("toaster"));
        Assert.Throws<ArgumentException>(() => new Device("toaster", 1));
    }

    [Fact]
    public void There_is_no_cuda()
    {
        Assert.Equal((false, false, 0), (cuda.is_available(), cuda.is_cudnn_available(), cuda.device_count()));
        cuda.synchronize();
        cuda.synchronize(CPU);
        using Tensor x = ones(2);
        Assert.Equal((false, true, -1, DeviceType.CPU, DeviceType.CPU), (x.is_cuda, x.is_cpu(), x.device_index, x.device_type, x.device.type));
        Assert.Throws<InvalidOperationException>(() => x.cuda());
        Assert.Throws<InvalidOperationException>(() => x.to(new Device("cuda")));
        Assert.Throws<InvalidOperationException>(() => x.to(DeviceType.CUDA));
        Assert.Throws<InvalidOperationException>(() => x.to("cuda:0"));
        Assert.Throws<InvalidOperationException>(() => x.to(float64, new Device("cuda")));
    }

    [Fact]
    public void What_is_not_there_is_refused_where_it_is_named()
    {
        foreach (Func<Device> named in new Func<Device>[] { () => CUDA, () => device("cuda:2"), () => device("cuda", 2), () => device(DeviceType.CUDA, 2) })
            Assert.Equal("Torch device type CUDA did not initialise on the current machine.", Assert.Throws<InvalidOperationException>(named).Message);
        Assert.Equal("Torch device type MPS did not initialise on the current machine.", Assert.Throws<InvalidOperationException>(() => MPS).Message);
    }

    [Fact]
    public void Moves_to_the_processor_keep_the_tensor()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = tensor(new[] { 1.5f, 2.5f });
        Values.Same(x, x.cpu(), x.to(CPU), x.to("cpu"), x.to(DeviceType.CPU), x.to(DeviceType.CPU, copy: true), x.to(CPU, copy: true), x.to("cpu", copy: true));
        Assert.Equal(x.Handle, x.cpu().Handle);
        Tensor copy = x.to(CPU, copy: true);
        copy.add_(1);
        Assert.Equal([1.5, 2.5], Values.Of(x));
    }
}
