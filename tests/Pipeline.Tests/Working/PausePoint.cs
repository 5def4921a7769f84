using System.Reflection;
using DiffusionBatch.Pipeline.Storage.Queues;

namespace DiffusionBatch.Pipeline.Tests.Working;

/// <summary>A process that is stopped (SIGSTOP) and continued: while it is held, its calls wait.</summary>
internal sealed class PausePoint : IDisposable
{
    readonly ManualResetEventSlim _runs = new(true);
    readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The method after whose first call everything is held, or null.</summary>
    public string? After { get; init; }

    /// <summary>Whether it is held.</summary>
    public bool IsHeld => !_runs.IsSet;

    public void Hold() => _runs.Reset();

    public void Release()
    {
        _runs.Set();
        _released.SetResult();
    }

    public void Wait() => _runs.Wait();

    public T Wrap<T>(T inner) where T : class => (T)Held.Of(typeof(T), inner, this);

    public void Dispose() => _runs.Dispose();

    [System.Diagnostics.CodeAnalysis.SuppressMessage("Performance", "CA1852:Seal internal types",
        Justification = "DispatchProxy derives from it.")]
    public class Held : DispatchProxy
    {
        static readonly MethodInfo s_later = typeof(Held).GetMethod(nameof(LaterAsync), BindingFlags.Instance | BindingFlags.NonPublic)!;

        object _inner = null!;
        PausePoint _point = null!;

        internal static object Of(Type type, object inner, PausePoint point)
        {
            object proxy = Create(type, typeof(Held));
            var held = (Held)proxy;
            (held._inner, held._point) = (inner, point);
            return proxy;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            Type result = targetMethod!.ReturnType;
            // A facet of the index: its calls are held as the index's are.
            if (targetMethod.IsSpecialName && result.IsInterface) return Of(result, Call(targetMethod, args)!, _point);
            if (targetMethod.Name == _point.After && !_point._released.Task.IsCompleted && _point._runs.IsSet)
            {
                var called = (Task)Call(targetMethod, args)!;
                called.Wait();
                _point.Hold();
                return called;
            }
            if (_point._runs.IsSet || !typeof(Task).IsAssignableFrom(result)) return Call(targetMethod, args);
            // Off the caller's thread: that may be the one which moves the clock.
            return result.IsGenericType
                ? s_later.MakeGenericMethod(result.GenericTypeArguments[0]).Invoke(this, [targetMethod, args])
                : LaterAsync<object?>(targetMethod, args);
        }

        // What it throws comes as it is: a worker that stops tells a cancellation from a failure.
        object? Call(MethodInfo method, object?[]? args) => method.Invoke(_inner, BindingFlags.DoNotWrapExceptions, null, args, null);

        async Task<T> LaterAsync<T>(MethodInfo method, object?[]? args)
        {
            await _point._released.Task;
            // Heartbeats come last: what was held beside them finds out by itself that the task is lost.
            if (_point.After is not null && method.Name == nameof(IWorkQueue.RenewAsync)) await Task.Delay(300);
            object? result = Call(method, args);
            if (result is Task<T> task) return await task;
            await (Task)result!;
            return default!;
        }
    }
}
