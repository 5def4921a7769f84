using System.Collections.Immutable;
using DiffusionBatch.Functions.Hosting;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Storage;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace DiffusionBatch.Functions.Tests;

/// <summary>What becomes of invocations that don't end well: how loud it is, and whether the host hears of it.</summary>
public sealed class InvocationMiddlewareTests
{
    static readonly Exception s_cancelled = new OperationCanceledException("cancelled"), s_defect = new InvalidDataException("defect"),
        s_storage = new StorageException(StorageFailure.Unavailable, "storage is away"),
        s_key = new StorageException(StorageFailure.Denied, "denied"), s_index = new IndexUnavailableException("index is away");

    public static TheoryData<string, bool, Exception, LogLevel, bool, bool> Cases => new()
    {
        // A client that is gone; a timer at the app's end: there will be another.
        { "httpTrigger", true, s_cancelled, LogLevel.Information, false, false },
        { "timerTrigger", true, s_cancelled, LogLevel.Information, false, false },
        // A message would be deleted; it is to come again.
        { "queueTrigger", true, s_cancelled, LogLevel.Information, false, true },
        // Nobody has called it off: something else ran out of time.
        { "timerTrigger", false, s_cancelled, LogLevel.Error, true, true },
        { "timerTrigger", false, s_storage, LogLevel.Warning, false, true },
        { "queueTrigger", false, s_index, LogLevel.Warning, false, true },
        { "timerTrigger", false, s_key, LogLevel.Error, true, true },
        { "queueTrigger", true, s_defect, LogLevel.Error, true, true },
    };

    [Theory, MemberData(nameof(Cases))]
    public async Task A_failure_is_logged_once_and_goes_on_where_the_host_must_know(string trigger, bool calledOff, Exception failure,
        LogLevel level, bool withTrace, bool goesOn)
    {
        var log = new Log();
        var middleware = new InvocationMiddleware(log);
        Exception? thrown = await Record.ExceptionAsync(() =>
            middleware.Invoke(new Context(trigger, new CancellationToken(calledOff)), _ => throw failure));
        Assert.Equal(goesOn ? failure : null, thrown);
        var (loggedLevel, text, exception) = Assert.Single(log.Entries);
        Assert.Equal((level, withTrace ? failure : null), (loggedLevel, exception));
        Assert.StartsWith("Work ", text, StringComparison.Ordinal);
        if (level == LogLevel.Warning) Assert.Contains(failure.Message, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_ends_well_is_not_mentioned()
    {
        var log = new Log();
        await new InvocationMiddleware(log).Invoke(new Context("queueTrigger", default), _ => Task.CompletedTask);
        Assert.Empty(log.Entries);
    }

    sealed class Log : ILogger<InvocationMiddleware>
    {
        public List<(LogLevel Level, string Text, Exception? Exception)> Entries { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) => Entries.Add((logLevel, formatter(state, exception), exception));
    }

    sealed class Context(string trigger, CancellationToken cancellationToken) : FunctionContext
    {
        public override FunctionDefinition FunctionDefinition { get; } = new Definition(trigger);

        public override CancellationToken CancellationToken { get; } = cancellationToken;

        public override string InvocationId => "1";

        public override string FunctionId => "1";

        public override TraceContext TraceContext => throw new NotSupportedException();

        public override BindingContext BindingContext => throw new NotSupportedException();

        public override RetryContext RetryContext => throw new NotSupportedException();

        public override IServiceProvider InstanceServices
        {
            get => throw new NotSupportedException(); set =>
            throw new NotSupportedException();
        }

        public override IDictionary<object, object> Items { get; set; } = new Dictionary<object, object>();

        public override IInvocationFeatures Features => throw new NotSupportedException();
    }

    sealed class Definition(string trigger) : FunctionDefinition
    {
        public override string Name => "Work";

        public override string Id => "1";

        public override string PathToAssembly => "";

        public override string EntryPoint => "";

        public override ImmutableArray<FunctionParameter> Parameters => [];

        public override IImmutableDictionary<string, BindingMetadata> InputBindings { get; } =
            ImmutableDictionary<string, BindingMetadata>.Empty.Add("input", new Binding(trigger));

        public override IImmutableDictionary<string, BindingMetadata> OutputBindings => ImmutableDictionary<string, BindingMetadata>.Empty;
    }

    sealed class Binding(string type) : BindingMetadata
    {
        public override string Name => "input";

        public override string Type => type;

        public override BindingDirection Direction => BindingDirection.In;
    }
}
