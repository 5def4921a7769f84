using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public abstract partial class Module
        {
            /// <summary>An empty set that <see cref="parameters"/> uses again, with room for as many as there were.</summary>
            HashSet<Parameter>? met;

            public virtual IEnumerable<(string name, Module module)> named_children()
            {
                foreach ((string name, Module module) in ownModules.Items) yield return (name, module);
            }

            public virtual IEnumerable<Module> children() => named_children().Select(m => m.module);

            /// <summary>All modules below with their paths: the direct ones first, then those below each.</summary>
            public virtual IEnumerable<(string name, Module module)> named_modules()
            {
                foreach ((string name, Module module) in ownModules.Items) yield return (name, module);
                foreach ((string name, Module module) in ownModules.Items)
                    foreach ((string below, Module inner) in module.named_modules()) yield return ($"{name}.{below}", inner);
            }

            public virtual IEnumerable<Module> modules() => named_modules().Select(m => m.module);

            /// <summary>All parameters with their paths; one that several modules share is named once.</summary>
            public virtual IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true)
            {
                var seen = new HashSet<Parameter>(ReferenceEqualityComparer.Instance);
                foreach ((string name, Parameter parameter) in ownParameters.Items)
                    if (!parameter.IsInvalid && seen.Add(parameter)) yield return (name, parameter);
                if (!recurse) yield break;
                foreach ((string prefix, Module module) in ownModules.Items)
                    foreach ((string name, Parameter parameter) in module.named_parameters(true))
                        if (seen.Add(parameter)) yield return ($"{prefix}.{name}", parameter);
            }

            /// <summary>The parameters of <see cref="named_parameters"/> in its order. Every step asks for them, so no name is made.</summary>
            public virtual IEnumerable<Parameter> parameters(bool recurse = true)
            {
                HashSet<Parameter> seen = Interlocked.Exchange(ref met, null) ?? new HashSet<Parameter>(ReferenceEqualityComparer.Instance);
                var all = new List<Parameter>(seen.EnsureCapacity(0));
                Collect(all, seen, recurse);
                seen.Clear();
                met = seen;
                return all;
            }

            void Collect(List<Parameter> all, HashSet<Parameter> seen, bool recurse)
            {
                for (int i = 0; i < ownParameters.Count; i++)
                    if (ownParameters[i] is { IsInvalid: false } parameter && seen.Add(parameter)) all.Add(parameter);
                for (int i = 0; recurse && i < ownModules.Count; i++) ownModules[i].Collect(all, seen, recurse);
            }

            public virtual IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_nonpersistent = true)
            {
                var seen = new HashSet<Tensor>(ReferenceEqualityComparer.Instance);
                foreach ((string name, (Tensor buffer, bool persistent)) in ownBuffers.Items)
                    if ((persistent || include_nonpersistent) && !buffer.IsInvalid && seen.Add(buffer)) yield return (name, buffer);
                if (!recurse) yield break;
                foreach ((string prefix, Module module) in ownModules.Items)
                    foreach ((string name, Tensor buffer) in module.named_buffers(true, include_nonpersistent))
                        if (seen.Add(buffer)) yield return ($"{prefix}.{name}", buffer);
            }

            public virtual IEnumerable<Tensor> buffers(bool recurse = true, bool include_nonpersistent = true) =>
                named_buffers(recurse, include_nonpersistent).Select(b => b.buffer);

            public virtual bool has_parameter(string target) => get_parameter(target) is not null;

            /// <summary>The parameter at a path; null where there is none.</summary>
            public virtual Parameter? get_parameter(string target)
            {
                ArgumentNullException.ThrowIfNull(target);
                if (ownParameters.TryGet(target, out Parameter? parameter)) return parameter;
                return Below(target, out string rest) is { } child ? child.get_parameter(rest) : null;
            }

            public virtual bool has_buffer(string target) => get_buffer(target) is not null;

            /// <summary>The buffer at a path; null where there is none.</summary>
            public virtual Tensor? get_buffer(string target)
            {
                ArgumentNullException.ThrowIfNull(target);
                if (ownBuffers.TryGet(target, out (Tensor tensor, bool persistent) buffer)) return buffer.tensor;
                return Below(target, out string rest) is { } child ? child.get_buffer(rest) : null;
            }

            Module? Below(string target, out string rest)
            {
                int dot = target.IndexOf('.', StringComparison.Ordinal);
                rest = target[(dot + 1)..];
                return dot >= 0 && ownModules.TryGet(target[..dot], out Module? child) ? child : null;
            }
        }
    }
}
