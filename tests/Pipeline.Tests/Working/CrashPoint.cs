using System.Reflection;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Storage.Blobs;
using DiffusionBatch.Pipeline.Storage.Queues;

namespace DiffusionBatch.Pipeline.Tests.Working;

/// <summary>
/// The death of a process: at one call to the store, the index or a queue, before it or after it, and at every call from then
/// on. What the process had written stays.
/// </summary>
internal sealed class CrashPoint(Func<string, bool> dies, bool after)
{
    int _dead;

    /// <summary>Whether the process has died.</summary>
    public bool IsDead => _dead != 0;

    public T Wrap<T>(T inner) where T : class
    {
        T proxy = DispatchProxy.Create<T, Mortal>();
        ((Mortal)(object)proxy).Set(inner, this);
        return proxy;
    }

    internal sealed class Killed() : Exception("killed");

    void Check(string call)
    {
        if (IsDead) throw new Killed();
        if (!dies(call)) return;
        if (!after)
        {
            _dead = 1;
            throw new Killed();
        }
    }

    public class Mortal : DispatchProxy
    {
        object _inner = null!;
        CrashPoint _point = null!;

        internal void Set(object inner, CrashPoint point) => (_inner, _point) = (inner, point);

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            string call = $"{Kind()}.{targetMethod!.Name}{(args is [string name, ..] ? " " + name : "")}";
            bool dying;
            lock (_point)
            {
                if (_point.IsDead) throw new Killed();
                dying = _point.Dies(call);
                if (dying && !_point.After)
                {
                    _point.Die();
                    throw new Killed();
                }
            }
            object? result;
            try
            {
                result = targetMethod.Invoke(_inner, args);
            }
            catch (TargetInvocationException e)
            {
                throw e.InnerException!;
            }
            if (!dying) return result;
            if (result is Task task) task.Wait();
            _point.Die();
            throw new Killed();
        }

        string Kind() => _inner switch { IBlobStore => "blob", IPipelineIndex => "index", IWorkQueue => "queue", _ => _inner.GetType().Name };
    }

    bool After => after;

    bool Dies(string call) => dies(call);

    void Die() => _dead = 1;
}
