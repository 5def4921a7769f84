using System.Reflection;
using TorchSharp.Modules;
using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>A part of a model: parameters, buffers and further modules, each by name.</summary>
        public abstract partial class Module : IDisposable
        {
            internal readonly Components<Parameter> ownParameters = new();
            internal readonly Components<(Tensor tensor, bool persistent)> ownBuffers = new();
            internal readonly Components<Module> ownModules = new();
            protected string? name;

            /// <summary>True once fields are registered; built-in modules name their parts themselves.</summary>
            internal bool componentsRegistered;
            bool disposed;

            protected Module(string name) => this.name = name;

            /// <summary>True while training: dropout is on.</summary>
            public virtual bool training { get; private set; } = true;

            public virtual string GetName() => string.IsNullOrEmpty(name) ? GetType().Name : name;

            /// <summary>Registers the fields that hold modules, parameters and tensors (as buffers) under their own names, except those that are registered.</summary>
            protected virtual void RegisterComponents()
            {
                if (componentsRegistered) return;
                componentsRegistered = true;
                foreach (FieldInfo field in Fields())
                {
                    string part = field.GetCustomAttribute<ComponentNameAttribute>()?.Name ?? field.Name;
                    if (ownModules.TryGet(part, out _) || ownParameters.TryGet(part, out _) || ownBuffers.TryGet(part, out _)) continue;
                    switch (field.GetValue(this))
                    {
                        case Module module: register_module(part, module); break;
                        case Parameter parameter: register_parameter(part, parameter); break;
                        case Tensor tensor: register_buffer(part, tensor); break;
                    }
                }
            }

            /// <summary>The fields of the user's classes, private ones of base classes too.</summary>
            IEnumerable<FieldInfo> Fields()
            {
                var seen = new HashSet<string>();
                for (Type? type = GetType(); type is not null && type.Assembly != typeof(Module).Assembly; type = type.BaseType)
                    foreach (FieldInfo field in type.GetFields(BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.Instance))
                        if (field.DeclaringType?.Assembly != typeof(Module).Assembly && seen.Add(field.Name)) yield return field;
            }

            /// <summary>Turns training on or off, here and below.</summary>
            public virtual void train(bool train = true)
            {
                training = train;
                foreach (Module module in children()) module.train(train);
            }

            public virtual void eval() => train(false);

            /// <summary>Drops (or zeros) all gradients.</summary>
            public virtual void zero_grad(bool set_to_none = true)
            {
                using IDisposable mode = no_grad();
                foreach (Parameter parameter in parameters())
                {
                    if (set_to_none) parameter.grad = null;
                    else parameter.gradient?.zero_();
                }
            }

            /// <summary>Calls <paramref name="fn"/> on the modules below and then on this one.</summary>
            public virtual Module apply(Action<Module> fn)
            {
                ArgumentNullException.ThrowIfNull(fn);
                foreach (Module module in children()) module.apply(fn);
                fn(this);
                return this;
            }

            /// <summary>The device and the element type that stand for those not given.</summary>
            protected static (Device device, ScalarType dtype) GetDefaultDeviceAndType(Device? device = null, ScalarType? dtype = null) => (device ?? CPU, dtype ?? get_default_dtype());

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            /// <summary>Disposes parameters, buffers and submodules.</summary>
            protected virtual void Dispose(bool disposing)
            {
                if (!disposing || disposed) return;
                disposed = true;
                foreach ((_, Parameter parameter) in ownParameters.Items) parameter.Dispose();
                foreach ((_, (Tensor buffer, _)) in ownBuffers.Items) buffer.Dispose();
                foreach ((_, Module module) in ownModules.Items) module.Dispose();
            }
        }
    }
}
