namespace TorchSharp;

/// <summary>Devices: the CPU is the one that there is.</summary>
public static partial class torch
{
    /// <exception cref="InvalidOperationException">Always: there is none here, as on a machine without one.</exception>
    public static Device CUDA => InitializeDevice(new Device(DeviceType.CUDA));

    /// <inheritdoc cref="CUDA"/>
    public static Device MPS => InitializeDevice(new Device(DeviceType.MPS));

    /// <summary>The device of tensors without memory, by name: no tensor is made on it here.</summary>
    public static readonly Device META = new(DeviceType.META);

    /// <exception cref="InvalidOperationException">For a kind of device that isn't here.</exception>
    public static Device device(string deviceType, int index = -1) => InitializeDevice(new Device(deviceType, index));

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
