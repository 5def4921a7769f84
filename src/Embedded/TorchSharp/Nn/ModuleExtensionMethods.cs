using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Moves and conversions of whole modules; they give the module itself.</summary>
public static class ModuleExtensionMethods
{
    public static T to<T>(this T module, Device device, bool non_blocking = false) where T : nn.Module
    {
        ArgumentNullException.ThrowIfNull(device);
        Device.Check(device.type);
        return module;
    }

    public static T to<T>(this T module, string device, bool non_blocking = false) where T : nn.Module => module.to(new Device(device), non_blocking);

    public static T to<T>(this T module, DeviceType deviceType, int deviceIndex = -1, bool non_blocking = false) where T : nn.Module
    {
        Device.Check(deviceType);
        return module;
    }

    public static T to<T>(this T module, ScalarType type, bool non_blocking = false) where T : nn.Module
    {
        module.ConvertTo(type);
        return module;
    }

    public static T to<T>(this T module, Device device, ScalarType type, bool non_blocking = false) where T : nn.Module =>
        module.to(device, non_blocking).to(type, non_blocking);

    public static T cpu<T>(this T module, bool non_blocking = false) where T : nn.Module => module;

    public static T @float<T>(this T module, bool non_blocking = false) where T : nn.Module => module.to(ScalarType.Float32);

    public static T @double<T>(this T module, bool non_blocking = false) where T : nn.Module => module.to(ScalarType.Float64);
}
