using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Snapshots.Detection;
using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>Declares the checks of an application.</summary>
public static class SnapshotChecksHostingExtensions
{
    /// <summary>
    /// Adds a check to the application that has its types of state and message. It runs in a silo, when a user asks; it
    /// is a singleton, and may have services as constructor arguments.
    /// </summary>
    /// <typeparam name="TCheck">A class that is an <see cref="ISnapshotCheck{TState, TMessage}"/>.</typeparam>
    /// <exception cref="ArgumentException">It is not.</exception>
    public static ISiloBuilder AddCheck<TCheck>(this ISiloBuilder builder)
        where TCheck : class
    {
        ArgumentNullException.ThrowIfNull(builder);
        var contract = Array.Find(
            typeof(TCheck).GetInterfaces(),
            each => each.IsGenericType && each.GetGenericTypeDefinition() == typeof(ISnapshotCheck<,>))
            ?? throw new ArgumentException($"{typeof(TCheck)} is no ISnapshotCheck<TState, TMessage>", nameof(builder));
        builder.Services.AddSingleton(contract, typeof(TCheck));
        return builder;
    }
}

/// <summary>The checks of one application. They run on a snapshot as it is read, so none needs all of it at once.</summary>
internal sealed class SnapshotChecks<TState, TMessage>(
    IEnumerable<ISnapshotCheck<TState, TMessage>> declared,
    Serializer<TState> states,
    Serializer<TMessage> messages)
{
    private readonly List<ISnapshotCheck<TState, TMessage>> _checks = Order(declared);

    /// <summary>The names of the checks, in ordinal order.</summary>
    public IEnumerable<string> Names => _checks.Select(check => check.Name);

    /// <summary>Runs the checks of those names, in ordinal order; all if none is named.</summary>
    /// <exception cref="KeyNotFoundException">The application declares no check of a name.</exception>
    /// <exception cref="InvalidOperationException">What is stored does not prove the snapshot.</exception>
    public async Task<CheckResult[]> RunAsync(SnapshotClient snapshots, SnapshotView view, string[] names)
    {
        foreach (var name in names)
        {
            if (_checks.Any(check => check.Name == name)) continue;
            var all = _checks.Count == 0 ? "none" : string.Join(", ", _checks.Select(check => check.Name));
            throw new KeyNotFoundException($"{snapshots.Application} declares no check {name}; it declares {all}");
        }

        var runs = _checks
            .Where(check => names.Length == 0 || names.Contains(check.Name))
            .Select(check => (Check: check, Run: check.Begin()))
            .ToArray();
        await snapshots.ReadAsync(
            view,
            states,
            messages,
            process => Array.ForEach(runs, each => each.Run.Add(process)),
            channel => Array.ForEach(runs, each => each.Run.Add(channel)));
        return Array.ConvertAll(runs, each => CheckResult.Of(each.Check, each.Run.Conclude()));
    }

    private static List<ISnapshotCheck<TState, TMessage>> Order(IEnumerable<ISnapshotCheck<TState, TMessage>> declared)
    {
        var checks = declared.OrderBy(check => check.Name, StringComparer.Ordinal).ToList();
        foreach (var (check, next) in checks.Zip(checks.Skip(1)))
        {
            if (check.Name == next.Name)
                throw new InvalidOperationException($"two checks of one application are called {check.Name}");
        }

        return checks;
    }
}
