# Completion of wechat for fish: /usr/share/fish/vendor_completions.d/wechat.fish
complete -c wechat -f
complete -c wechat -s h -l help -d 'Show a help text and exit'
complete -c wechat -s V -l version -d 'Show the version and exit'
complete -c wechat -l interval -x -d 'How often to ask for news'
complete -c wechat -s v -l verbose -d 'Show every request'
complete -c wechat -l line -d 'Line mode, on a terminal too'
complete -c wechat -l retry -x -d 'How long to try again'
complete -c wechat -l follow -d 'Go on listening at the end of the input'
complete -c wechat -l poll -d 'Print the backlog and exit'
complete -c wechat -l search -x -d 'Print the messages with these words and exit'
complete -c wechat -l limit -x -d 'Of the hits of a search the newest'
complete -c wechat -l json -d 'JSON, one event a line'
complete -c wechat -s q -l quiet -d 'Print only messages'
