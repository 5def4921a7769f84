using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public abstract partial class Module
        {
            /// <summary>Moves and converts; parameters keep their identity, so that optimizers made before go on with them.</summary>
            protected internal virtual Module _to(Device device, ScalarType dtype, bool non_blocking)
            {
                ArgumentNullException.ThrowIfNull(device);
                _to(dtype, non_blocking);
                return _to(device.type, device.index, non_blocking);
            }

            protected internal virtual Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking)
            {
                if (deviceType == DeviceType.CUDA) throw new InvalidOperationException("CUDA is not available.");
                Device.Check(deviceType);
                return this;
            }

            /// <summary>Converts floating-point parameters, their gradients and floating-point buffers, here and below.</summary>
            protected internal virtual Module _to(ScalarType dtype, bool non_blocking)
            {
                if (!Dtypes.IsFloating(dtype) && dtype is not (ScalarType.ComplexFloat32 or ScalarType.ComplexFloat64))
                    throw new ArgumentException($"nn.Module.to only accepts floating point or complex types, but got desired dtype={dtype}");
                foreach ((_, Module module) in named_children()) module._to(dtype, non_blocking);
                using IDisposable mode = no_grad();
                foreach ((_, Parameter parameter) in ownParameters.Items)
                    if (Dtypes.IsFloating(parameter.type)) parameter.Become(dtype);
                foreach ((_, (Tensor buffer, _)) in ownBuffers.Items)
                    if (Dtypes.IsFloating(buffer.type)) buffer.Become(dtype);
                return this;
            }

            /// <summary>Converts and moves to another tensor's type and device.</summary>
            public Module _to(Tensor other, bool non_blocking)
            {
                ArgumentNullException.ThrowIfNull(other);
                _to(other.dtype, non_blocking);
                return _to(other.device_type, other.device_index, non_blocking);
            }
        }
    }
}
