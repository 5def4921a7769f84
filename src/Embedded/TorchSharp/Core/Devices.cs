namespace TorchSharp;

/// <summary>Devices: the CPU is the one that there is.</summary>
public static partial class torch
{
    /// <summary>The first CUDA device, by name: nothing is computed on it here.</summary>
    public static Device CUDA => new(DeviceType.CUDA);

    /// <inheritdoc cref="CUDA"/>
    public static Device MPS => new(DeviceType.MPS);

    /// <inheritdoc cref="CUDA"/>
    public static readonly Device META = new(DeviceType.META);

    public static Device device(string deviceType, int index = -1) => new(deviceType, index);

    public static Device device(int index) => new(index);

    public static bool cuda_is_available() => cuda.is_available();

    public static bool mps_is_available() => false;

    /// <summary>Whether tensors can be made on a kind of device.</summary>
    public static bool TryInitializeDeviceType(DeviceType deviceType) => deviceType == DeviceType.CPU;

    /// <exception cref="InvalidOperationException">When tensors can't be made on it.</exception>
    public static void InitializeDeviceType(DeviceType deviceType) => Device.Check(deviceType);

    /// <summary>The device, or the default one for null, which can be used.</summary>
    public static Device InitializeDevice(Device? device)
    {
        device ??= get_default_device();
        Device.Check(device.type);
        return device;
    }
}
