# Completion of wechat for bash: /usr/share/bash-completion/completions/wechat
_wechat() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
  COMPREPLY=()
  case $before in
    --interval | --retry | --limit | --search) return ;;
  esac
  if [[ $word == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "--help --version --interval --verbose --line --retry --follow
      --poll --search --limit --json --quiet" -- "$word")
  fi
}
complete -F _wechat wechat
