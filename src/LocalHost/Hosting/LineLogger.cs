using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace DiffusionBatch.LocalHost.Hosting;

/// <summary>Logs as lines of text: time, level, category, message; what an exception says follows in lines of its own.</summary>
internal sealed class LineLogger(string category, Action<string> line, TimeProvider time) : ILogger
{
    static readonly string[] s_levels = ["trce", "dbug", "info", "warn", "fail", "crit"];

    /// <summary>
    /// A factory of such logs. host.json's <c>logging</c>, and over it <c>Logging:LogLevel</c> of the settings, say what is kept; by
    /// default the servers' own categories are kept from warnings on.
    /// </summary>
    public static ILoggerFactory CreateFactory(IConfiguration? host, IConfiguration settings, Action<string> line, TimeProvider time) =>
        LoggerFactory.Create(builder =>
    {
        builder.AddFilter("Microsoft", LogLevel.Warning).AddFilter("Grpc", LogLevel.Warning);
        if (host is not null) builder.AddConfiguration(host);
        builder.AddConfiguration(settings.GetSection("Logging"));
        // Whoever forwards a request logs its failure; YARP itself would log each client that goes away as one.
        builder.AddFilter("Yarp", LogLevel.None);
        builder.AddProvider(new Provider(line, time));
    });

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

    /// <inheritdoc/>
    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel)) return;
        string text = string.Create(
            CultureInfo.InvariantCulture,
            $"{time.GetLocalNow():HH:mm:ss} {s_levels[(int)logLevel]}: {category} {formatter(state, exception)}");
        if (exception is not null) text += $"\n{exception}";
        foreach (string part in text.Split('\n', StringSplitOptions.RemoveEmptyEntries)) line(part.TrimEnd());
    }

    sealed class Provider(Action<string> line, TimeProvider time) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => new LineLogger(categoryName, line, time);

        public void Dispose()
        {
        }
    }
}
