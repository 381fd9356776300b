using System.Collections.Immutable;

namespace Snapshots.Grains.Tests;

public sealed class CallCoalescerTests
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Who_is_alone_is_called_for_at_once()
    {
        var callee = new HeldCallee();
        var answer = callee.Coalescer(new()).AskAsync("bob", 1);
        var call = await callee.NextAsync();
        Assert.Equal("bob", call.Target);
        Assert.Equal([1], call.Requests);
        call.Answer();
        Assert.Equal("1 by bob", await answer);
    }

    [Fact]
    public async Task What_comes_while_calls_are_under_way_leaves_together_in_the_order_in_which_it_came()
    {
        var (callee, coalescer, first, held) = await BusyAsync(new() { RequestsBeforeWaiting = 1 });
        var others = Enumerable.Range(1, 5).Select(request => coalescer.AskAsync("bob", request)).ToList();
        held.Answer();
        var call = await callee.NextAsync();
        Assert.Equal([1, 2, 3, 4, 5], call.Requests);
        call.Answer();
        Assert.Equal(["1 by bob", "2 by bob", "3 by bob", "4 by bob", "5 by bob"], await Task.WhenAll(others));
        Assert.Equal("0 by bob", await first);
    }

    [Fact]
    public async Task A_call_carries_no_more_than_it_may()
    {
        var (callee, coalescer, first, held) = await BusyAsync(new() { RequestsBeforeWaiting = 1, MaxRequestsPerCall = 2 });
        var answers = new List<Task<string>> { first };
        answers.AddRange(Enumerable.Range(1, 3).Select(request => coalescer.AskAsync("bob", request)));
        held.Answer();
        var second = await callee.NextAsync();
        Assert.Equal([1, 2], second.Requests);
        second.Answer();
        var third = await callee.NextAsync();
        Assert.Equal([3], third.Requests);
        third.Answer();
        await Task.WhenAll(answers);
    }

    [Fact]
    public async Task While_few_are_under_way_nobody_waits_and_no_target_waits_for_another()
    {
        var callee = new HeldCallee();
        var coalescer = callee.Coalescer(new() { RequestsBeforeWaiting = 2 });
        var answers = new List<Task<string>> { coalescer.AskAsync("bob", 0) };
        var first = await callee.NextAsync();
        answers.Add(coalescer.AskAsync("bob", 1));
        var second = await callee.NextAsync();
        answers.Add(coalescer.AskAsync("bob", 2));
        answers.Add(coalescer.AskAsync("bob", 3));
        answers.Add(coalescer.AskAsync("carol", 4));
        var carols = await callee.NextAsync();
        Assert.Equal("carol", carols.Target); // And not bob's third.
        second.Answer();
        var third = await callee.NextAsync();
        Assert.Equal([2, 3], third.Requests);
        first.Answer();
        AssertCallers(coalescer, 1);
        answers.Add(coalescer.AskAsync("bob", 5)); // Two are under way, in one call.
        answers.Add(coalescer.AskAsync("dave", 6));
        var daves = await callee.NextAsync();
        Assert.Equal("dave", daves.Target);
        third.Answer();
        var fourth = await callee.NextAsync();
        Assert.Equal([5], fourth.Requests);
        foreach (var call in new[] { fourth, carols, daves }) call.Answer();
        await Task.WhenAll(answers);
        AssertForgotten(coalescer);
    }

    [Fact]
    public async Task Where_a_call_takes_less_than_may_be_under_way_another_takes_the_rest_at_once()
    {
        var (callee, coalescer, first, held) = await BusyAsync(new() { RequestsBeforeWaiting = 4, MaxRequestsPerCall = 1 });
        var answers = new List<Task<string>> { first };
        answers.AddRange(Enumerable.Range(1, 4).Select(request => coalescer.AskAsync("bob", request)));
        var calls = new List<HeldCall> { held };
        while (calls.Count < 4) calls.Add(await callee.NextAsync());
        Assert.Equal([0, 1, 2, 3], calls.SelectMany(call => call.Requests).Order());
        Assert.False(answers[4].IsCompleted);
        foreach (var call in calls) call.Answer();
        (await callee.NextAsync()).Answer();
        await Task.WhenAll(answers);
        AssertForgotten(coalescer);
    }

    /// <summary>A caller may be on its way while another takes what it was sent for.</summary>
    [Fact]
    public async Task With_one_request_before_waiting_there_is_one_call_at_a_time()
    {
        var underWay = 0;
        var most = 0;
        var coalescer = new CallCoalescer<string, int, string>(
            async (_, requests) =>
            {
                var now = Interlocked.Increment(ref underWay);
                if (now > most) most = now;
                await Task.Yield();
                Interlocked.Decrement(ref underWay);
                return [.. requests.Select(request => $"{request}")];
            },
            NeverAlone,
            new CallLimits { RequestsBeforeWaiting = 1, MaxRequestsPerCall = 3 });
        await Task.WhenAll(Enumerable.Range(0, 8).Select(asker => Task.Run(async () =>
        {
            for (var request = 0; request < 5000; request++) Assert.Equal($"{request}", await coalescer.AskAsync("bob", request));
        })));
        Assert.Equal(1, most);
        AssertForgotten(coalescer);
    }

    [Fact]
    public async Task A_request_without_an_answer_is_made_alone_and_nobody_waits_for_it()
    {
        var alone = new TaskCompletionSource<string>();
        var coalescer = new CallCoalescer<string, int, string>(
            (_, requests) => Task.FromResult<ImmutableArray<string?>>([.. requests.Select(request => request == 1 ? null : "together")]),
            (target, request) =>
            {
                Assert.Equal(("bob", 1), (target, request));
                return alone.Task;
            });
        var first = coalescer.AskAsync("bob", 1);
        Assert.Equal("together", await coalescer.AskAsync("bob", 2));
        AssertForgotten(coalescer);
        Assert.False(first.IsCompleted);
        alone.SetResult("alone");
        Assert.Equal("alone", await first);
    }

    [Fact]
    public async Task A_request_made_alone_fails_alone()
    {
        var coalescer = new CallCoalescer<string, int, string>(
            (_, requests) => Task.FromResult<ImmutableArray<string?>>([.. requests.Select(request => request < 2 ? null : "together")]),
            (_, request) => request == 0 ? throw new NotSupportedException() : Task.FromException<string>(new TimeoutException()));
        var asked = Enumerable.Range(0, 3).Select(request => coalescer.AskAsync("bob", request)).ToList();
        await Assert.ThrowsAsync<NotSupportedException>(() => asked[0]);
        await Assert.ThrowsAsync<TimeoutException>(() => asked[1]);
        Assert.Equal("together", await asked[2]);
    }

    [Fact]
    public async Task A_call_that_fails_does_so_for_those_that_it_carries_and_for_nobody_else()
    {
        var (callee, coalescer, first, held) = await BusyAsync(new() { RequestsBeforeWaiting = 1 });
        var second = coalescer.AskAsync("bob", 1);
        held.Fail(new TimeoutException("gone"));
        Assert.Equal("gone", (await Assert.ThrowsAsync<TimeoutException>(() => first)).Message);
        (await callee.NextAsync()).Answer();
        Assert.Equal("1 by bob", await second);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task A_call_with_the_wrong_number_of_answers_has_failed(int count)
    {
        var coalescer = new CallCoalescer<string, int, string>(
            (_, _) => Task.FromResult(Enumerable.Repeat<string?>("?", count).ToImmutableArray()), NeverAlone);
        await Assert.ThrowsAsync<InvalidOperationException>(() => coalescer.AskAsync("bob", 1));
    }

    [Fact]
    public async Task A_call_that_cannot_even_be_made_has_failed()
    {
        var coalescer = new CallCoalescer<string, int, string>((_, _) => throw new NotSupportedException(), NeverAlone);
        await Assert.ThrowsAsync<NotSupportedException>(() => coalescer.AskAsync("bob", 1));
        AssertForgotten(coalescer);
    }

    [Fact]
    public async Task One_more_than_may_wait_is_refused_and_the_others_are_not()
    {
        var (callee, coalescer, first, held) = await BusyAsync(new() { RequestsBeforeWaiting = 1, MaxWaitingPerTarget = 2 });
        var answers = new List<Task<string>> { first };
        answers.AddRange([coalescer.AskAsync("bob", 1), coalescer.AskAsync("bob", 2)]);
        await Assert.ThrowsAsync<CallQueueFullException>(() => coalescer.AskAsync("bob", 3));
        held.Answer();
        (await callee.NextAsync()).Answer();
        await Task.WhenAll(answers);
        var later = coalescer.AskAsync("bob", 3);
        (await callee.NextAsync()).Answer();
        Assert.Equal("3 by bob", await later);
    }

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(1, 0, 1)]
    [InlineData(1, 1, 0)]
    public void Bounds_of_nothing_are_refused(int requests, int calls, int waiting) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new CallCoalescer<string, int, string>(
            (_, _) => Task.FromResult(ImmutableArray<string?>.Empty),
            NeverAlone,
            new CallLimits { MaxRequestsPerCall = requests, RequestsBeforeWaiting = calls, MaxWaitingPerTarget = waiting }));

    [Fact]
    public async Task The_context_of_who_asks_does_not_go_with_the_call()
    {
        var context = new AsyncLocal<string>();
        string? seen = null;
        var coalescer = new CallCoalescer<string, int, string>(
            (_, _) =>
            {
                seen = context.Value;
                return Task.FromResult<ImmutableArray<string?>>(["done"]);
            },
            NeverAlone);
        context.Value = "mine";
        await coalescer.AskAsync("bob", 1);
        Assert.Null(seen);
        Assert.Equal("mine", context.Value);
    }

    /// <summary>Queues come, are taken away and come again, while many ask.</summary>
    [Fact]
    public async Task Whoever_asks_has_his_own_answer_once_and_nothing_is_left_of_it()
    {
        const int Askers = 16;
        const int Each = 5000;
        var asked = 0;
        var coalescer = new CallCoalescer<int, int, string>(
            async (_, requests) =>
            {
                Interlocked.Add(ref asked, requests.Length);
                if (requests[0] % 3 == 0) await Task.Yield();
                return [.. requests.Select(request => request % 11 == 0 ? null : $"{request}")];
            },
            (_, request) => Task.FromResult($"{request}"),
            new CallLimits { MaxRequestsPerCall = 7, RequestsBeforeWaiting = 3 });
        await Task.WhenAll(Enumerable.Range(0, Askers).Select(asker => Task.Run(async () =>
        {
            for (var index = 0; index < Each; index++)
            {
                var request = (index * Askers) + asker;
                Assert.Equal($"{request}", await coalescer.AskAsync(request % 5, request));
            }
        })));
        Assert.Equal(Askers * Each, asked);
        AssertForgotten(coalescer);
    }

    /// <summary>A callee who is held in the first call, with request 0.</summary>
    private static async Task<(HeldCallee Callee, CallCoalescer<string, int, string> Coalescer, Task<string> First, HeldCall Held)> BusyAsync(CallLimits limits)
    {
        var callee = new HeldCallee();
        var coalescer = callee.Coalescer(limits);
        var first = coalescer.AskAsync("bob", 0);
        return (callee, coalescer, first, await callee.NextAsync());
    }

    private static Task<string> NeverAlone<TTarget>(TTarget target, int request) => throw new NotSupportedException($"{request} was answered");

    /// <summary>The last caller ends just after it has answered.</summary>
    private static void AssertForgotten<TTarget>(CallCoalescer<TTarget, int, string> coalescer)
        where TTarget : notnull =>
        Assert.True(SpinWait.SpinUntil(() => coalescer.Targets == 0, MaxWait), $"{coalescer.Targets} targets are left");

    private static void AssertCallers(CallCoalescer<string, int, string> coalescer, int count) =>
        Assert.True(SpinWait.SpinUntil(() => coalescer.CallersOf("bob") == count, MaxWait), $"{coalescer.CallersOf("bob")} calls are under way");

    /// <summary>Calls that are answered when the test says so.</summary>
    private sealed class HeldCallee
    {
        private readonly System.Threading.Channels.Channel<HeldCall> _calls = System.Threading.Channels.Channel.CreateUnbounded<HeldCall>();

        public CallCoalescer<string, int, string> Coalescer(CallLimits limits) => new(
            (target, requests) =>
            {
                var call = new HeldCall(target, requests);
                Assert.True(_calls.Writer.TryWrite(call));
                return call.Answers;
            },
            NeverAlone,
            limits);

        public async Task<HeldCall> NextAsync() => await _calls.Reader.ReadAsync().AsTask().WaitAsync(MaxWait);
    }

    private sealed class HeldCall(string target, ImmutableArray<int> requests)
    {
        private readonly TaskCompletionSource<ImmutableArray<string?>> _answers = new();

        public string Target => target;

        public ImmutableArray<int> Requests => requests;

        public Task<ImmutableArray<string?>> Answers => _answers.Task;

        public void Answer() => _answers.SetResult([.. requests.Select(request => $"{request} by {target}")]);

        public void Fail(Exception exception) => _answers.SetException(exception);
    }
}
